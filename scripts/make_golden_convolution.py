#!/usr/bin/env python3
"""Make test/fixtures/convolution.json: golden values of convolutional networks.

Run by hand:  /usr/bin/python3 scripts/make_golden_convolution.py

PyTorch, float64, from inputs that float32 holds exactly, with the helpers of
make_golden.py. Results have 10 significant digits, so that our float64
reference can be held to 1e-9; counts, rates and slopes are powers of 2 where
they can be, as float32 holds such constants.

Everything in the file has our layout: images [n, height, width, channels],
weights [kernel height, kernel width, channels, filters] (transposed:
[..., filters, channels]; depthwise: [..., channels]). PyTorch's are made of
them inside the functions below, so gradients come back in our layout too.
"""

from pathlib import Path

from make_golden import arr, dump, f32, given, leaf, num  # first: it prepares OpenBLAS

import torch
import torch.nn.functional as F

SEED = 20261202
COMMAND = "/usr/bin/python3 scripts/make_golden_convolution.py"
OUT = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "convolution.json"
MAX_BYTES = 200_000
EPSILON = 1e-5


def result(t):
    """A computed tensor, with 10 significant digits."""
    t = t.detach()
    data = [float(f"{v:.10g}") for v in t.reshape(-1).tolist()]
    return {"shape": list(t.shape), "data": [int(v) if v.is_integer() else v for v in data]}


def coarse(*shape, scale=1.0, steps=4):
    """A normal random input in multiples of 1/steps: exact in float32, and short in the file."""
    return torch.round(torch.randn(*shape, dtype=torch.float64) * scale * steps) / steps


# ---- operators in our layout -------------------------------------------------


def images(x):
    """[n, height, width, channels] as PyTorch has it."""
    return x.permute(0, 3, 1, 2)


def channels_last(x):
    return x.permute(0, 2, 3, 1)


def padded(x, padding, value=0.0):
    """x (channels first) with [top, left, bottom, right] more pixels."""
    top, left, bottom, right = padding
    return F.pad(x, (left, right, top, bottom), value=value)


def window(options, kernel):
    """Stride, padding and dilation as operators take them, written out."""
    stride = options.get("stride", 1)
    padding = options.get("padding", 0)
    dilation = options.get("dilation", 1)
    pair = lambda v: [v, v] if isinstance(v, int) else v
    if padding == "same":
        total = [d * (k - 1) for d, k in zip(pair(dilation), kernel)]
        before = [t // 2 for t in total]
        padding = before + [t - b for t, b in zip(total, before)]
    if isinstance(padding, int):
        padding = [padding] * 4
    return pair(stride), padding, pair(dilation)


def conv2d(x, w, **options):
    stride, padding, dilation = window(options, w.shape[:2])
    x = padded(images(x), padding)
    return channels_last(F.conv2d(x, w.permute(3, 2, 0, 1), None, stride, 0, dilation))


def conv2d_transpose(x, w, outputPadding=0, **options):
    stride, padding, dilation = window(options, w.shape[:2])
    top, left, bottom, right = padding
    assert (top, left) == (bottom, right), "PyTorch pads both sides alike"
    y = F.conv_transpose2d(
        images(x), w.permute(3, 2, 0, 1), None, stride, (top, left), outputPadding, 1, dilation
    )
    return channels_last(y)


def depthwise(x, w, **options):
    stride, padding, dilation = window(options, w.shape[:2])
    x = padded(images(x), padding)
    w = w.permute(2, 0, 1).unsqueeze(1)
    return channels_last(F.conv2d(x, w, None, stride, 0, dilation, w.shape[0]))


def max_pool(x, kernel, stride=None, padding=0):
    _, padding, _ = window({"padding": padding}, [kernel, kernel])
    return channels_last(F.max_pool2d(padded(images(x), padding, -torch.inf), kernel, stride))


def average_pool(x, kernel, stride=None, padding=0):
    _, padding, _ = window({"padding": padding}, [kernel, kernel])
    return channels_last(F.avg_pool2d(padded(images(x), padding), kernel, stride))


def global_average_pool(x):
    return F.adaptive_avg_pool2d(images(x), 1).flatten(1)


def adaptive_average_pool(x, size):
    return channels_last(F.adaptive_avg_pool2d(images(x), size))


def upsample(x, factor):
    down, across = [factor, factor] if isinstance(factor, int) else factor
    return channels_last(F.interpolate(images(x), scale_factor=(down, across), mode="nearest"))


def maxout(x, pieces):
    return x.reshape(*x.shape[:-1], -1, pieces).amax(-1)


OPERATORS = {
    "conv2d": conv2d,
    "conv2dTranspose": conv2d_transpose,
    "depthwise": depthwise,
    "maxPool": max_pool,
    "averagePool": average_pool,
    "globalAveragePool": global_average_pool,
    "adaptiveAveragePool": adaptive_average_pool,
    "upsample": upsample,
    "leakyRelu": lambda x, slope: F.leaky_relu(x, slope),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "maxout": maxout,
}


def operator_case(op, inputs, **options):
    inputs = {name: leaf(t) for name, t in inputs.items()}
    y = OPERATORS[op](**inputs, **options)
    dy = coarse(*y.shape)
    gradients = torch.autograd.grad(y, list(inputs.values()), dy)
    return {
        "op": op,
        "options": options,
        "inputs": {name: arr(t) for name, t in inputs.items()},
        "dy": arr(dy),
        "y": result(y),
        "gradients": {name: result(g) for name, g in zip(inputs, gradients)},
    }


def convolution(op, x, w, **options):
    return operator_case(op, {"x": coarse(*x), "w": coarse(*w)}, **options)


def pooling(op, x, **options):
    return operator_case(op, {"x": coarse(*x)}, **options)


def with_ties(*shape):
    """Few different numbers, so that most windows have several maxima."""
    return torch.randint(-1, 2, shape).to(torch.float64)


def make_operators():
    return [
        convolution("conv2d", (2, 4, 5, 3), (3, 3, 3, 4)),
        convolution("conv2d", (2, 5, 4, 3), (3, 3, 3, 5), padding="same"),
        convolution("conv2d", (1, 5, 6, 1), (5, 5, 1, 5), padding="same"),
        convolution("conv2d", (2, 3, 3, 5), (1, 1, 5, 6)),
        convolution("conv2d", (2, 6, 5, 2), (3, 3, 2, 4), stride=2, padding="same"),
        convolution("conv2d", (1, 5, 5, 4), (1, 1, 4, 6), stride=2),
        convolution("conv2d", (1, 7, 6, 2), (3, 3, 2, 3), dilation=2, padding="same"),
        convolution(
            "conv2d", (1, 7, 6, 2), (3, 2, 2, 3),
            stride=[2, 1], padding=[1, 0, 2, 1], dilation=[1, 2],
        ),
        convolution("conv2dTranspose", (1, 3, 4, 3), (3, 3, 4, 3)),
        convolution("conv2dTranspose", (2, 3, 3, 2), (3, 3, 3, 2), padding=1),
        convolution("conv2dTranspose", (1, 3, 3, 2), (3, 3, 4, 2), stride=2, padding=1, outputPadding=1),
        convolution("conv2dTranspose", (1, 3, 3, 4), (2, 2, 3, 4), stride=2),
        convolution("conv2dTranspose", (1, 3, 3, 2), (3, 3, 2, 2), padding=2, dilation=2),
        convolution("depthwise", (2, 5, 4, 3), (3, 3, 3), padding="same"),
        convolution("depthwise", (1, 6, 5, 4), (3, 3, 4), stride=2, padding="same"),
        convolution("depthwise", (1, 7, 7, 2), (3, 3, 2), dilation=2),
        convolution("depthwise", (1, 6, 5, 3), (5, 5, 3), padding="same"),
        operator_case("maxPool", {"x": with_ties(2, 4, 6, 3)}, kernel=2),
        operator_case("maxPool", {"x": with_ties(1, 7, 7, 2)}, kernel=3, stride=2),
        operator_case("maxPool", {"x": with_ties(1, 6, 5, 3)}, kernel=3, stride=2, padding=1),
        pooling("maxPool", (1, 5, 5, 4), kernel=2),
        pooling("averagePool", (2, 4, 6, 3), kernel=2),
        pooling("averagePool", (1, 6, 5, 2), kernel=3, stride=2, padding=1),
        pooling("averagePool", (1, 5, 4, 3), kernel=3, stride=1, padding=[1, 0, 0, 1]),
        pooling("globalAveragePool", (2, 2, 4, 3)),
        pooling("adaptiveAveragePool", (1, 6, 4, 3), size=[3, 2]),
        pooling("upsample", (2, 2, 3, 3), factor=2),
        pooling("upsample", (1, 3, 2, 2), factor=[2, 3]),
        pooling("leakyRelu", (4, 9), slope=0.125),
        operator_case("sigmoid", {"x": coarse(4, 9, scale=4.0)}),
        operator_case("tanh", {"x": coarse(4, 9, scale=2.0)}),
        operator_case("maxout", {"x": with_ties(2, 2, 3, 6)}, pieces=2),
        pooling("maxout", (3, 12), pieces=4),
    ]  # fmt: skip


# ---- batch norm --------------------------------------------------------------


def batch_norm(x, own, training):
    """Channels last; in training the statistics in `own` move."""
    flat = x.reshape(-1, x.shape[-1])
    y = F.batch_norm(
        flat, own["mean"], own["variance"], own["scale"], own["shift"], training, 0.1, EPSILON
    )
    return y.reshape(x.shape)


def batch_norm_case(shape, scale, shift, xs=None):
    """Two steps of training, then evaluation of the first x with the statistics they leave."""
    c = shape[-1]
    xs = xs or [coarse(*shape, scale=2.0) + given([0.5]), coarse(*shape)]
    xs = [leaf(x) for x in xs]
    own = {"scale": leaf(scale), "shift": leaf(shift)}
    own["mean"], own["variance"] = torch.zeros(c).double(), torch.ones(c).double()
    dy = coarse(*shape)

    def run(x, training):
        y = batch_norm(x, own, training)
        gradients = torch.autograd.grad(y, (x, own["scale"], own["shift"]), dy)
        values = zip(("y", "x", "scale", "shift"), (y, *gradients))
        return {name: result(t) for name, t in values}

    case = {"xs": [arr(x) for x in xs], "dy": arr(dy)}
    case |= {name: arr(own[name]) for name in ("scale", "shift")}
    case["train"] = run(xs[0], True)
    batch_norm(xs[1], own, True)
    own |= {name: f32(own[name]) for name in ("mean", "variance")}
    case["running"] = {name: arr(own[name]) for name in ("mean", "variance")}
    case["infer"] = run(xs[0], False)
    return case


def make_batch_norm():
    return [
        batch_norm_case((2, 4, 4, 5), coarse(5), coarse(5)),
        batch_norm_case((8, 3), coarse(3), coarse(3)),
    ]


def make_batch_norm_known():
    """Maps whose values are known from elsewhere (sum of cubes of the output); asserted here."""
    x = leaf(given([
        [[[0.5, 1.2, 0.0], [1.0, -0.7, 0.6]], [[-0.3, 0.4, 1.1], [0.2, 0.9, -0.2]]],
        [[[0.3, -1.0, 0.9], [-0.4, 0.1, 0.4]], [[0.8, 0.7, -0.6], [1.5, 0.2, 1.3]]],
    ]))  # fmt: skip
    own = {"scale": leaf(given([1, 0.5, -0.2])), "shift": leaf(given([0.1, 0, 0.3]))}
    own["mean"], own["variance"] = torch.zeros(3).double(), torch.ones(3).double()
    loss = (batch_norm(x, own, True) ** 3).sum()
    dx, dscale, dshift = torch.autograd.grad(loss, (x, own["scale"], own["shift"]))

    def near(t, known):
        # They start from decimals; ours are the nearest float32.
        assert (t.detach() - torch.tensor(known).double()).abs().max() < 2e-6, (t, known)

    near(loss, 3.907148763)
    near(dx[0, 0, 0], [-5.022094098, 0.7921425063, 0.02546359905])
    near(dx[1, 1, 1], [8.618610749, -0.5356878864, -0.04724155282])
    near(dscale, [9.088273263, -2.689903165, -3.090991252])
    near(dshift, [24.23933795, 5.999881043, 3.119975216])
    near(own["mean"], [0.045, 0.0225, 0.04375])
    near(own["variance"], [0.9414285714, 0.9576428571, 0.9442678571])
    return {
        "x": arr(x),
        "scale": arr(own["scale"]),
        "shift": arr(own["shift"]),
        "loss": num(loss),
        "gradients": {"x": result(dx), "scale": result(dscale), "shift": result(dshift)},
        "mean": result(own["mean"]),
        "variance": result(own["variance"]),
    }


# ---- gradients of gradients --------------------------------------------------


def second_case(training):
    """P = |d loss / d x|^2 of conv, ReLU, max pool, batch norm, dense, and P's gradients."""
    inputs = {
        "x": leaf(coarse(2, 8, 8, 2, steps=64)),
        "w": leaf(coarse(3, 3, 2, 4, scale=0.5, steps=64)),
        "b": leaf(coarse(4, scale=0.5, steps=64)),
        "scale": leaf(coarse(4)),
        "shift": leaf(coarse(4)),
        "dense": leaf(coarse(64, 3, scale=0.5, steps=64)),
    }
    statistics = {"mean": coarse(4), "variance": coarse(4).abs() + 0.5}
    labels = torch.tensor([2, 0])

    before = conv2d(inputs["x"], inputs["w"], padding="same") + inputs["b"]
    assert before.abs().min() > 1e-3, "a unit is too near 0: change SEED"
    pooled = max_pool(torch.relu(before), 2)
    own = {name: inputs[name] for name in ("scale", "shift")}
    own |= {name: t.clone() for name, t in statistics.items()}
    logits = batch_norm(pooled, own, training).reshape(2, 64) @ inputs["dense"]
    loss = F.cross_entropy(logits, labels, reduction="sum")
    (dx,) = torch.autograd.grad(loss, inputs["x"], create_graph=True)
    penalty = (dx**2).sum()
    others = list(inputs)
    gradients = torch.autograd.grad(penalty, [inputs[name] for name in others])
    return {
        "training": training,
        "inputs": {name: arr(t) for name, t in inputs.items()},
        "statistics": {name: arr(t) for name, t in statistics.items()},
        "labels": arr(labels),
        "loss": float(f"{loss.item():.10g}"),
        "dx": result(dx),
        "penalty": float(f"{penalty.item():.10g}"),
        "gradients": {name: result(g) for name, g in zip(others, gradients)},
    }


def make_second():
    return [second_case(False), second_case(True)]


# ---- a residual network ------------------------------------------------------

# 8x8x3 conv4 res4 res8s2 gap dense5: (kernel, channels, filters) in the order of our files.
CONVOLUTIONS = {
    "first": (3, 3, 4),
    "a1": (3, 4, 4),
    "a2": (3, 4, 4),
    "b1": (3, 4, 8),
    "b2": (3, 8, 8),
    "short": (1, 4, 8),
}


def residual_start():
    """Name -> (role, value): convolutions, each followed by its batch norm, then the dense layer."""
    start = {}
    for name, (k, c, f) in CONVOLUTIONS.items():
        start[f"{name}.weight"] = ("weight", coarse(k, k, c, f, scale=(2 / (k * k * c)) ** 0.5, steps=64))
        start[f"{name}.scale"] = ("scale", 1 + coarse(f, scale=0.1, steps=64))
        start[f"{name}.shift"] = ("shift", coarse(f, scale=0.1, steps=64))
        start[f"{name}.mean"] = ("state", torch.zeros(f).double())
        start[f"{name}.variance"] = ("state", torch.ones(f).double())
    start["dense.weight"] = ("weight", coarse(8, 5, scale=0.5, steps=64))
    start["dense.bias"] = ("bias", coarse(5, scale=0.1, steps=64))
    return start


def residual_forward(own, x):
    def conv(name, x, stride=1):
        y = conv2d(x, own[f"{name}.weight"], stride=stride, padding="same")
        parts = ("scale", "shift", "mean", "variance")
        return batch_norm(y, {part: own[f"{name}.{part}"] for part in parts}, True)

    def relu(x):
        # A float32 run must take the same ReLU branches.
        assert x.abs().min() > MARGIN, "a unit is too near 0: change SEED"
        return torch.relu(x)

    x = relu(conv("first", x))
    x = relu(conv("a2", relu(conv("a1", x))) + x)
    x = relu(conv("b2", relu(conv("b1", x, stride=2))) + conv("short", x, stride=2))
    return global_average_pool(x) @ own["dense.weight"] + own["dense.bias"]


MARGIN = 1e-5
DECAYED = ("weight", "bias")  # not batch norm's scales and shifts
STEPS = 10
RATE = {"sgd": 2**-4, "adam": 2**-7}
DECAY = 2**-7


def optimizer_of(kind, start, own):
    decayed = [own[n] for n, (role, _) in start.items() if role in DECAYED]
    others = [own[n] for n, (role, _) in start.items() if role not in (*DECAYED, "state")]
    groups = [{"params": decayed, "weight_decay": DECAY}, {"params": others, "weight_decay": 0}]
    if kind == "adam":
        return torch.optim.Adam(groups, lr=RATE[kind], betas=(0.9, 0.999), eps=1e-8)
    return torch.optim.SGD(groups, lr=RATE[kind], momentum=0.9)


def residual_run(kind, start, xs, labels):
    own = {n: t.clone() if role == "state" else leaf(t) for n, (role, t) in start.items()}
    optimizer = optimizer_of(kind, start, own)
    losses, sums, squares = [], [], []
    for step in range(STEPS):
        loss = F.cross_entropy(residual_forward(own, xs[step % 2]), labels[step % 2])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())  # the loss before this step's update
        sums.append(torch.stack([t.detach().sum() for t in own.values()]))
        squares.append(torch.stack([(t.detach() ** 2).sum() for t in own.values()]))
    return {
        "loss": result(torch.stack(losses)),
        "sums": result(torch.stack(sums)),
        "squares": result(torch.stack(squares)),
    }


def make_residual():
    """Ten steps on two batches in turn; each parameter's and statistic's sum and sum of squares after every step."""
    start = residual_start()
    xs, labels = coarse(2, 8, 8, 8, 3), torch.randint(0, 5, (2, 8))
    return {
        "batch": 8,
        "steps": STEPS,
        "rate": RATE,
        "momentum": 0.9,
        "decay": DECAY,
        "x": arr(xs),
        "labels": arr(labels),
        "parameters": [{"name": n, "role": role, "value": arr(t)} for n, (role, t) in start.items()],
        "sgd": residual_run("sgd", start, xs, labels),
        "adam": residual_run("adam", start, xs, labels),
    }


# ---- the file ----------------------------------------------------------------

SECTIONS = {
    "operators": make_operators,
    "batchNorm": make_batch_norm,
    "batchNormKnown": make_batch_norm_known,
    "second": make_second,
    "residual": make_residual,
}


def main():
    torch.set_num_threads(1)
    golden = {"meta": {"torch": torch.__version__, "seed": SEED, "command": COMMAND}}
    for i, (name, make) in enumerate(SECTIONS.items()):
        torch.manual_seed(SEED + i)  # so a section doesn't depend on the others
        golden[name] = make()
    text = dump(golden) + "\n"
    assert len(text) <= MAX_BYTES, f"{len(text)} bytes is over {MAX_BYTES}"
    OUT.write_text(text, encoding="utf-8")
    print(f"{OUT}: {len(text)} bytes")


if __name__ == "__main__":
    main()
