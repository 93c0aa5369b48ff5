#!/usr/bin/env python3
"""Make test/fixtures/pairs.json: golden values of losses between samples.

Run by hand:  /usr/bin/python3 scripts/make_golden_pairs.py

Verification and triplet losses, by labels, DarkRank as its authors' code has it
and with longer lists, and probabilities of neighbors as the paper has them.
PyTorch, float64, from inputs that float32 holds exactly, written as loops over
pairs, triplets and permutations, which is slow and easy to check against the
definitions. A loss is one number a sample; gradients are of their mean, by the
student's embeddings.
"""

from itertools import permutations
from pathlib import Path

from make_golden import arr, dump, given, leaf  # first: it prepares OpenBLAS
from make_golden_convolution import coarse, result

import torch

SEED = 20261127
COMMAND = "/usr/bin/python3 scripts/make_golden_pairs.py"
OUT = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "pairs.json"
MAX_BYTES = 50_000


def unit(x):
    return x / x.norm(dim=1, keepdim=True)


def squared(a, b):
    return ((a - b) ** 2).sum()


def mean(terms):
    return torch.stack(terms).mean() if terms else torch.zeros((), dtype=torch.float64)


# ---- by labels ---------------------------------------------------------------


def verification(x, y, margin, normalize=False):
    """½d² for two of one class, ½·max(0, margin − d)² for two of different ones."""
    x = unit(x) if normalize else x
    losses = []
    for i, own in enumerate(y):
        terms = []
        for j, other in enumerate(y):
            if i == j or own < 0 or other < 0:
                continue
            d2 = squared(x[i], x[j])
            terms.append(d2 / 2 if own == other else torch.relu(margin - d2.sqrt()) ** 2 / 2)
        losses.append(mean(terms))
    return torch.stack(losses)


def triplet_all(x, y, margin, normalize=True):
    x = unit(x) if normalize else x
    losses = []
    for a, own in enumerate(y):
        terms = [
            torch.relu(squared(x[a], x[p]) - squared(x[a], x[n]) + margin)
            for p, near in enumerate(y)
            for n, far in enumerate(y)
            if own >= 0 and p != a and near == own and far >= 0 and far != own
        ]
        losses.append(mean(terms))
    return torch.stack(losses)


def triplet_hard(x, y, margin, normalize=True):
    x = unit(x) if normalize else x
    losses = []
    for a, own in enumerate(y):
        same = [squared(x[a], x[p]).sqrt() for p, l in enumerate(y) if own >= 0 and p != a and l == own]
        other = [squared(x[a], x[n]).sqrt() for n, l in enumerate(y) if own >= 0 and l >= 0 and l != own]
        whole = bool(same) and bool(other)
        losses.append(
            torch.relu(torch.stack(same).max() - torch.stack(other).min() + margin) if whole else mean([])
        )
    return torch.stack(losses)


# ---- DarkRank ----------------------------------------------------------------


def log_probability(scores, order):
    return sum(scores[i] - torch.logsumexp(torch.stack([scores[k] for k in order[at:]]), 0) for at, i in enumerate(order))


def dark_rank(student, teacher, soft, length, alpha, beta, common):
    """One query after the other; in the common form those of the first half, which are constants."""
    if common:
        student, teacher = unit(student), unit(teacher)
    n = len(student)
    queries = n // 2 if common else n
    losses = []
    for q in range(queries):
        query = student[q].detach() if common else student[q]
        others = [i for i in range(n) if i != q]
        own = {i: -alpha * squared(student[i], query) ** (beta / 2) for i in others}
        far = {i: squared(teacher[i], teacher[q]) for i in others}
        order = sorted(others, key=lambda i: float(far[i]))[:length]
        if not soft:
            losses.append(-log_probability(own, order))
            continue
        theirs = {i: -alpha * far[i] ** (beta / 2) for i in others}
        losses.append(
            -sum(log_probability(theirs, p).exp() * log_probability(own, p) for p in permutations(order))
        )
    share = n / queries
    return torch.stack([share * loss for loss in losses] + [mean([])] * (n - queries))


# ---- probabilities of neighbors ------------------------------------------------


EPSILON = 1e-7  # the authors' code adds it to lengths and under logarithms


def neighbors(x, i):
    """Of sample i: half of 1 + cosine with each other sample, over their sum."""
    x = x / (x.norm(dim=1, keepdim=True) + EPSILON)
    near = {j: (1 + x[i] @ x[j]) / 2 for j in range(len(x)) if j != i}
    total = sum(near.values())
    return {j: value / (total + EPSILON) for j, value in near.items()}


def probabilistic(student, teacher):
    losses = []
    for i in range(len(student)):
        p, q = neighbors(teacher, i), neighbors(student, i)
        losses.append(sum(p[j] * ((p[j] + EPSILON).log() - (q[j] + EPSILON).log()) for j in p))
    return torch.stack(losses)


# ---- the file ----------------------------------------------------------------

BY_LABELS = {
    "verification": (verification, {"margin": 1.5}),
    "verification of length 1": (verification, {"margin": 1, "normalize": True}),
    "triplet": (triplet_all, {"margin": 0.25}),
    "triplet of any length": (triplet_all, {"margin": 1, "normalize": False}),
    "triplet, hard": (triplet_hard, {"margin": 0.25}),
    "triplet, hard, of any length": (triplet_hard, {"margin": 0.5, "normalize": False}),
}


def make_rows(student, teacher, labels):
    rows = {}

    def row(name, loss, options):
        x = leaf(student)
        losses = loss(x)
        (gradient,) = torch.autograd.grad(losses.mean(), x)
        rows[name] = {"options": options, "losses": result(losses), "gradient": result(gradient)}

    for name, (loss, options) in BY_LABELS.items():
        mining = {"mining": "hard"} if loss is triplet_hard else {}
        row(name, lambda x: loss(x, labels, **options), {**options, **mining})
    for ranking in ["hard", "soft"]:
        soft = ranking == "soft"
        for length, alpha, beta in [(2, 3, 3), (4, 3, 3), (6, 0.5, 2)]:
            row(
                f"darkrank {ranking} of {length}",
                lambda x: dark_rank(x, teacher, soft, length, alpha, beta, False),
                {"ranking": ranking, "length": length, "alpha": alpha, "beta": beta},
            )
        row(
            f"darkrank {ranking}, common",
            lambda x: dark_rank(x, teacher, soft, 4 if soft else 6, 12.25, 4, True),
            {"ranking": ranking, "form": "common"},
        )
    row("probabilistic", lambda x: probabilistic(x, teacher), {"form": "paper"})
    return rows


def main():
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    student = coarse(7, 4, scale=0.7, steps=16)
    teacher = coarse(7, 3, scale=0.7, steps=16)
    labels = [0, 1, 0, 2, -1, 1, 0]
    golden = {
        "meta": {"torch": torch.__version__, "seed": SEED, "command": COMMAND},
        "inputs": {"student": arr(student), "teacher": arr(teacher), "labels": arr(given(labels))},
        "rows": make_rows(student, teacher, labels),
    }
    text = dump(golden) + "\n"
    assert len(text) <= MAX_BYTES, f"{len(text)} bytes is over {MAX_BYTES}"
    OUT.write_text(text, encoding="utf-8")
    print(f"{OUT}: {len(text)} bytes")


if __name__ == "__main__":
    main()
