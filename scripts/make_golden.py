#!/usr/bin/env python3
"""Make test/fixtures/golden.json: small golden values to check our kernels.

Run by hand:  /usr/bin/python3 scripts/make_golden.py

PyTorch (Debian's python3-torch) computes everything in float64. Inputs are
rounded to float32 first, so our float32 kernels start from exactly the same
numbers. Numbers are printed with 9 significant digits, which is enough to get
a float32 back bit for bit: load the inputs into a Float32Array.

Conventions: every array is {"shape": [...], "data": [flat, row-major]}; a dense
layer's weights are stored [in, out], so y = x @ W + b. The scalar settings
(alpha, lr, ...) are plain numbers and are not rounded to float32.
"""

import json
import os
from pathlib import Path

# Before torch loads OpenBLAS: don't let the shell's tuning reach the results.
for _name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(_name, None)

import torch  # noqa: E402

SEED = 20240613
COMMAND = "/usr/bin/python3 scripts/make_golden.py"
OUT = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "golden.json"
MAX_BYTES = 300_000


# ---- numbers and arrays ------------------------------------------------------


def f32(t):
    """Round to float32-representable values, kept as float64."""
    return t.detach().to(torch.float32).to(torch.float64)


def randn(*shape, scale=1.0):
    """A normal random input, float32-representable."""
    return f32(torch.randn(*shape, dtype=torch.float64) * scale)


def given(values):
    """An input written out by hand."""
    return f32(torch.tensor(values, dtype=torch.float64))


def num(v):
    """A number with 9 significant digits, without -0 or a trailing .0."""
    v = float(f"{float(v):.9g}")
    return int(v) if v.is_integer() and abs(v) < 2**53 else v


def arr(t):
    """A tensor as {"shape", "data"}."""
    t = t.detach()
    return {"shape": list(t.shape), "data": [num(v) for v in t.reshape(-1).tolist()]}


def leaf(t):
    """A fresh copy that gradients are collected for."""
    return t.detach().clone().requires_grad_(True)


def grad(loss, *inputs):
    return torch.autograd.grad(loss, inputs)


def softmax(z, temp=1.0):
    return torch.softmax(z / temp, dim=1)


def log_softmax(z, temp=1.0):
    return torch.log_softmax(z / temp, dim=1)


# ---- dense layer -------------------------------------------------------------


def dense_case(batch, n_in, n_out):
    x, w, b = randn(batch, n_in), randn(n_in, n_out), randn(n_out)
    dy = randn(batch, n_out)
    if (batch, n_in, n_out) == (1, 1, 1):
        x, w, b = x.abs(), w.abs(), b.abs()  # keep the only unit active
    x, w, b = leaf(x), leaf(w), leaf(b)

    y = x @ w + b
    # No output so near 0 that float32 rounding could flip its ReLU.
    assert y.abs().min() > 1e-3, "an output is too near 0: change SEED"
    dx, dw, db = torch.autograd.grad(y, (x, w, b), dy, retain_graph=True)
    h = torch.relu(y)
    relu_dx, relu_dw, relu_db = torch.autograd.grad(h, (x, w, b), dy)

    tensors = dict(
        x=x, w=w, b=b, dy=dy, y=y, relu=h, dx=dx, dw=dw, db=db,
        reluDx=relu_dx, reluDw=relu_dw, reluDb=relu_db,
    )  # fmt: skip
    return {name: arr(t) for name, t in tensors.items()}


def make_dense():
    return [dense_case(3, 17, 5), dense_case(1, 1, 1), dense_case(7, 19, 13)]


# ---- softmax -----------------------------------------------------------------


def make_softmax():
    logits = randn(4, 10, scale=3.0)
    # Row 1: huge values, a tie at the top. Row 2: all equal.
    logits[1] = given([1e4, -1e4, 1e4, 0, 9999, -1e4, 5000, -1, 1, 9990])
    logits[2] = 2.5
    return [
        {
            "T": temp,
            "logits": arr(logits),
            "softmax": arr(softmax(logits, temp)),
            "logSoftmax": arr(log_softmax(logits, temp)),
        }
        for temp in (0.5, 1, 2.5, 20)
    ]


# ---- distillation losses -----------------------------------------------------


def target_of(soft, labels, alpha, beta):
    """alpha * onehot + beta * soft; a label of -1 adds no one-hot part."""
    onehot = torch.zeros_like(soft)
    for n, label in enumerate(labels.tolist()):
        if label >= 0:
            onehot[n, label] = 1.0
    return alpha * onehot + beta * soft


def sample_losses(z, target, temp, weights=None):
    """L_n = -w_n * sum_c t_nc * log_softmax(z / T)_nc."""
    losses = -(target * log_softmax(z, temp)).sum(dim=1)
    return losses if weights is None else losses * weights


def kd_case(kind, temp, z0, teacher, labels, weights):
    alpha, beta = {"soft": (0, 1), "hard": (1, 0)}.get(kind, (0.1, 0.9))
    if kind == "unlabeled":
        labels = labels.clone()
        labels[1] = labels[4] = -1
    if kind != "weighted":
        weights = None
    soft = f32(softmax(teacher, temp))

    z = leaf(z0)
    target = target_of(soft, labels, alpha, beta)
    losses = sample_losses(z, target, temp, weights)
    (dz,) = grad(losses.sum(), z)
    return {
        "kind": kind,
        "T": temp,
        "alpha": alpha,
        "beta": beta,
        "logits": arr(z),
        "soft": arr(soft),
        "labels": arr(labels),
        "weights": None if weights is None else arr(weights),
        "loss": arr(losses),
        "grad": arr(dz),
    }


def make_kd():
    z, teacher = randn(5, 10, scale=2.0), randn(5, 10, scale=4.0)
    labels = torch.randint(0, 10, (5,))
    weights = given([1, 0.5, 2, 0, 1.3])
    return [
        kd_case(kind, temp, z, teacher, labels, weights)
        for temp in (1, 4, 20)
        for kind in ("soft", "hard", "fused", "unlabeled", "weighted")
    ]


def make_two_term():
    """The two-term loss: a soft cross-entropy at T and a hard one at 1, batch mean."""
    temp, alpha, beta = 20, 0.1, 0.9
    z, teacher = leaf(randn(5, 10, scale=2.0)), randn(5, 10, scale=4.0)
    soft = f32(softmax(teacher, temp))
    labels = torch.randint(0, 10, (5,))

    soft_loss = sample_losses(z, soft, temp).mean()
    hard_loss = torch.nn.functional.cross_entropy(z, labels)
    loss = beta * temp**2 * soft_loss + alpha * hard_loss
    (dz,) = grad(loss, z)
    return {
        "T": temp,
        "alpha": alpha,
        "beta": beta,
        "logits": arr(z),
        "soft": arr(soft),
        "labels": arr(labels),
        "loss": num(loss),
        "grad": arr(dz),
    }


def make_sum():
    """The plain sum: a soft cross-entropy at T and a hard one at 1, as they are, batch mean."""
    temp = 20
    z, teacher = leaf(randn(5, 10, scale=2.0)), randn(5, 10, scale=4.0)
    soft = f32(softmax(teacher, temp))
    labels = torch.randint(0, 10, (5,))

    soft_loss = torch.nn.functional.cross_entropy(z / temp, soft)
    loss = soft_loss + torch.nn.functional.cross_entropy(z, labels)
    (dz,) = grad(loss, z)
    return {
        "T": temp,
        "logits": arr(z),
        "soft": arr(soft),
        "labels": arr(labels),
        "loss": num(loss),
        "grad": arr(dz),
    }


def make_tempered():
    """Labels through a softmax at T, times T squared; the last one is unlabeled."""
    temp = 20
    z = leaf(randn(5, 10, scale=30.0))
    labels = torch.randint(0, 10, (5,))
    labels[4] = -1
    loss = torch.nn.functional.cross_entropy(z / temp, labels, ignore_index=-1, reduction="none") * temp**2
    (dz,) = grad(loss.sum(), z)
    return {"T": temp, "logits": arr(z), "labels": arr(labels), "loss": arr(loss), "grad": arr(dz)}


def make_caffe():
    """One row whose values are known from elsewhere; they are asserted here."""
    temp = 4
    z, teacher = leaf(given([[1, 2, 3]])), given([[5, 1, -2]])
    q = softmax(teacher, temp)
    kl = (q * (log_softmax(teacher, temp) - log_softmax(z, temp))).sum()
    t2kl = temp**2 * kl
    ce = sample_losses(z, q, temp).sum()
    (dz,) = grad(t2kl, z)

    assert abs(kl.item() - 0.3845812) < 1e-7, kl
    assert abs(t2kl.item() - 6.1532993) < 1e-7, t2kl
    assert abs(ce.item() - 1.2533218) < 1e-7, ce
    known = torch.tensor([[-1.5775161, 0.3514771, 1.2260390]], dtype=torch.float64)
    assert (dz - known).abs().max() < 1e-7, dz
    return {
        "T": temp,
        "student": arr(z),
        "teacher": arr(teacher),
        "kl": num(kl),
        "t2kl": num(t2kl),
        "ce": num(ce),
        "grad": arr(dz),
    }


# ---- optimizers --------------------------------------------------------------


def steps_with(optimizer, w, grads, lrs):
    """Feed the given gradients to an optimizer; w after each step."""
    after = []
    for g, lr in zip(grads, lrs):
        optimizer.param_groups[0]["lr"] = lr
        w.grad = g.clone()
        optimizer.step()
        after.append(w.detach().clone())
    return torch.stack(after)


def optimizer_case(cls, w0, grads, lrs, options):
    w = leaf(w0)
    optimizer = cls([w], lr=lrs[0], **options)
    after = steps_with(optimizer, w, grads, lrs)
    return {"w0": arr(w0), "grads": arr(grads), "w": arr(after)}


def sgd_case(w0, grads, lrs, nesterov):
    options = dict(momentum=0.9, weight_decay=1e-3, nesterov=nesterov)
    case = optimizer_case(torch.optim.SGD, w0, grads, lrs, options)
    settings = dict(momentum=0.9, weightDecay=1e-3, nesterov=nesterov)
    return {"lr": lrs, **settings, **case}


def make_sgd():
    w0, grads = randn(4, 3), randn(10, 4, 3)
    constant = [0.1] * 10
    changing = [0.1, 0.1, 0.05, 0.05, 0.2, 0.02, 0.02, 0.01, 0.1, 0.005]
    return [
        sgd_case(w0, grads, constant, False),
        sgd_case(w0, grads, constant, True),
        sgd_case(w0, grads, changing, False),
    ]


def adam_case(w0, grads, weight_decay):
    lr, betas, eps = 1e-2, (0.9, 0.999), 1e-8
    options = dict(betas=betas, eps=eps, weight_decay=weight_decay)
    case = optimizer_case(torch.optim.Adam, w0, grads, [lr] * 10, options)
    settings = dict(beta1=betas[0], beta2=betas[1], eps=eps, weightDecay=weight_decay)
    return {"lr": [lr] * 10, **settings, **case}


def make_adam():
    w0, grads = randn(4, 3), randn(10, 4, 3)
    return [adam_case(w0, grads, 0), adam_case(w0, grads, 1e-2)]


def make_max_norm():
    """Columns (a unit's incoming weights) scaled down to an l2 norm of at most c."""
    c = 1.2
    w = randn(6, 4)
    w[:, 1] = f32(0.3 * w[:, 1])  # below the limit: must stay as it is
    w[:, 3] = 0.0  # a dead unit: must not become NaN
    norms = w.norm(dim=0)
    assert ((norms > 1.1 * c) == torch.tensor([True, False, True, False])).all(), norms
    assert norms[1] < 0.9 * c, norms

    limited = w * (c / norms).clamp(max=1.0)
    # torch.renorm divides by norm + 1e-7, hence only nearly the same.
    assert (limited - torch.renorm(w, 2, 1, c)).abs().max() < 1e-6
    return {"maxNorm": c, "w": arr(w), "norms": arr(norms), "out": arr(limited)}


# ---- a whole network ---------------------------------------------------------


def mlp_init(sizes):
    """He-scaled weights and small biases: [(w [in, out], b [out]), ...]."""
    return [
        (leaf(randn(i, o, scale=(2 / i) ** 0.5)), leaf(randn(o, scale=0.1)))
        for i, o in zip(sizes, sizes[1:])
    ]


def mlp_forward(layers, x):
    """Dense layers with ReLU between them, none after the last."""
    h = x
    for w, b in layers[:-1]:
        y = h @ w + b
        # A float32 run must take the same ReLU branches.
        assert y.abs().min() > 1e-5, "a unit is too near 0: change SEED"
        h = torch.relu(y)
    w, b = layers[-1]
    return h @ w + b


def layers_json(layers):
    return [{"w": arr(w), "b": arr(b)} for w, b in layers]


def make_mlp():
    sizes, batch, steps = [20, 16, 8, 5], 12, 10
    temp, alpha, beta, lr, momentum = 3, 0.1, 0.9, 0.1, 0.9
    x = randn(batch, sizes[0])
    soft = f32(softmax(randn(batch, sizes[-1], scale=4.0), temp))
    labels = torch.randint(0, sizes[-1], (batch,))
    target = target_of(soft, labels, alpha, beta)

    layers = mlp_init(sizes)
    initial = layers_json(layers)
    params = [p for layer in layers for p in layer]
    optimizer = torch.optim.SGD(params, lr=lr, momentum=momentum)
    losses = []
    for _ in range(steps):
        loss = sample_losses(mlp_forward(layers, x), target, temp).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())  # the loss before this step's update
    return {
        "sizes": sizes,
        "batch": batch,
        "steps": steps,
        "T": temp,
        "alpha": alpha,
        "beta": beta,
        "lr": lr,
        "momentum": momentum,
        "x": arr(x),
        "soft": arr(soft),
        "labels": arr(labels),
        "initial": initial,
        "loss": arr(torch.stack(losses)),
        "final": layers_json(layers),
    }


# ---- the file ----------------------------------------------------------------

SECTIONS = {
    "dense": make_dense,
    "softmax": make_softmax,
    "kd": make_kd,
    "twoTerm": make_two_term,
    "caffe": make_caffe,
    "sgd": make_sgd,
    "adam": make_adam,
    "maxNorm": make_max_norm,
    "mlp": make_mlp,
    "sum": make_sum,
    "tempered": make_tempered,
}


def make_golden():
    golden = {"meta": {"torch": torch.__version__, "seed": SEED, "command": COMMAND}}
    for i, (name, make) in enumerate(SECTIONS.items()):
        torch.manual_seed(SEED + i)  # so a section doesn't depend on the others
        golden[name] = make()
    return golden


def is_array(value):
    return isinstance(value, dict) and set(value) == {"shape", "data"}


def is_plain_list(value):
    return isinstance(value, list) and not any(isinstance(v, (dict, list)) for v in value)


def dump(value, indent=""):
    """JSON with one array a line, so that a diff stays readable."""
    if not isinstance(value, (dict, list)) or is_array(value) or is_plain_list(value):
        return json.dumps(value, allow_nan=False, separators=(",", ":"))
    inner = indent + "  "
    if isinstance(value, dict):
        items = [f"{json.dumps(k)}: {dump(v, inner)}" for k, v in value.items()]
        opening, closing = "{}"
    else:
        items = [dump(v, inner) for v in value]
        opening, closing = "[]"
    body = (",\n" + inner).join(items)
    return f"{opening}\n{inner}{body}\n{indent}{closing}"


def main():
    torch.set_num_threads(1)
    text = dump(make_golden()) + "\n"
    assert len(text) <= MAX_BYTES, f"{len(text)} bytes is over {MAX_BYTES}"
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(text, encoding="utf-8")
    print(f"{OUT}: {len(text)} bytes")


if __name__ == "__main__":
    main()
