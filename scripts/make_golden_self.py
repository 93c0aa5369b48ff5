#!/usr/bin/env python3
"""Make test/fixtures/self-distillation.json: what a shallow classifier of a student that teaches itself learns.

Run by hand:  /usr/bin/python3 scripts/make_golden_self.py

PyTorch (Debian's python3-torch), float64: (1 - alpha) CE + alpha T^2 KL(deepest || shallow), the deepest classifier's
logits detached (Zhang et al., Be Your Own Teacher, ICCV 2019, equation 7 without its hints), mean over the batch. The
inputs are those of objectives.json.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

FIXTURES = Path(__file__).resolve().parent.parent / "test" / "fixtures"
inputs = json.loads((FIXTURES / "objectives.json").read_text())["inputs"]
shallow = torch.tensor(inputs["zs"], dtype=torch.float64, requires_grad=True)
deepest = torch.tensor(inputs["zt"], dtype=torch.float64, requires_grad=True)
labels = torch.tensor(inputs["y"])

rows = {}
for name, alpha, temperature in [("self", 0.1, 3), ("self_half", 0.5, 1)]:
    soft = F.softmax(deepest.detach() / temperature, 1)
    kl = F.kl_div(F.log_softmax(shallow / temperature, 1), soft, reduction="batchmean")
    loss = (1 - alpha) * F.cross_entropy(shallow, labels) + alpha * temperature**2 * kl
    (grad,) = torch.autograd.grad(loss, [shallow])
    rows[name] = {
        "alpha": alpha,
        "temperature": temperature,
        "loss": loss.item(),
        "grad": {"zs": grad.tolist()},
    }

settings = {"dtype": "float64", "torch": torch.__version__, "command": "/usr/bin/python3 scripts/make_golden_self.py"}
(FIXTURES / "self-distillation.json").write_text(json.dumps({"settings": settings, "rows": rows}, indent=1) + "\n")
