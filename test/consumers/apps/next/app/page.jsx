'use client';

import { useEffect } from 'react';
import { show } from '../show.js';

export default function Page() {
  useEffect(() => void show(), []);
  return <p>Training</p>;
}
