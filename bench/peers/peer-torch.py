"""PyTorch with OpenBLAS on one thread. The harness sets OMP_NUM_THREADS and the like before Python starts."""

import ctypes
import functools
import json
import os
import re
import sys
import time

HOW = "apt-get install python3-torch libopenblas0-pthread"
STEPS_BEFORE_RESET = 400  # as in work.mjs, which says why


def say(message):
    print(json.dumps(message), flush=True)


def openblas():
    """OpenBLAS's own name for itself and for the core it chose, or None where another BLAS does the products."""
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "libopenblas" in line}
    for path in sorted(paths):
        library = ctypes.CDLL(path)
        library.openblas_get_config.restype = ctypes.c_char_p
        library.openblas_get_corename.restype = ctypes.c_char_p
        config = library.openblas_get_config().decode().split()
        return " ".join(config[:2]), library.openblas_get_corename().decode()
    return None


def cpu_has(flag):
    with open("/proc/cpuinfo") as info:
        return any(line.startswith("flags") and flag in line.split() for line in info)


def why_absent(variant):
    if not os.path.exists("/proc/self/maps"):
        return "which BLAS PyTorch uses can only be told on Linux"
    blas = openblas()
    if blas is None:
        return f"this PyTorch does its products without OpenBLAS; with it: {HOW}"
    if variant in ("best", "double"):
        return None
    if variant == "avx512" and not cpu_has("avx512f"):
        return "this CPU has no AVX-512"
    # OpenBLAS's cores with AVX-512 kernels.
    wide = blas[1] in ("SkylakeX", "Cooperlake", "SapphireRapids")
    if wide != (variant == "avx512"):
        return f"OpenBLAS chose its core {blas[1]}, which isn't what '{variant}' means"
    return None


def read_work(torch, folder, dtype):
    """
    The config, the network's function of (parameters by name, x), its first parameters, the batch, and the teacher's
    function of x, where there is one.
    """
    with open(os.path.join(folder, "work.json")) as file:
        config = json.load(file)
    with open(os.path.join(folder, "work.bin"), "rb") as file:
        numbers = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).to(dtype)
    at = 0

    def take(*shape):
        nonlocal at
        count = 1
        for size in shape:
            count *= size
        part = numbers[at : at + count].reshape(shape).clone()
        at += count
        return part

    teacher = None
    if config["form"] == "objective":
        forward, params, _, _ = network(torch, config["teacher"], take, training=False)
        teacher = functools.partial(forward, params)
    if config["form"] == "mlp":
        forward, params, shape, classes = perceptron(torch, config, take)
    else:
        forward, params, shape, classes = network(torch, config["architecture"], take)
    batch = config["batch"]
    x = take(batch, *shape)
    if x.dim() == 4:
        x = x.permute(0, 3, 1, 2)  # stays channels last in memory, as torch's own layout of that name has it
    return config, forward, params, x, take(batch, classes), take(batch).long(), teacher


def perceptron(torch, config, take):
    linear = torch.nn.functional.linear
    sizes = config["layers"]
    params = {}
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        # PyTorch keeps a weight as [out, in].
        params[f"w{i}"] = take(inputs, outputs).t().contiguous()
        params[f"b{i}"] = take(outputs)

    def forward(params, x):
        for i in range(len(sizes) - 1):
            x = linear(x, params[f"w{i}"], params[f"b{i}"])
            if i < len(sizes) - 2:
                x = x.relu_()
        return x

    return forward, params, sizes[:1], sizes[-1]


def network(torch, architecture, take, training=True):
    """
    Layers of layers.mjs, images channels last in memory (torch.channels_last); in training running statistics are updated.
    What layers make goes into `taps`, by their places.
    """
    functional = torch.nn.functional
    layers, shape = architecture["layers"], architecture["input"]["shape"]
    params, state = {}, {}
    channels, features = shape[2], None
    for i, layer in enumerate(layers):
        if "conv" in layer:
            filters, kernel = layer["conv"], layer.get("kernel", 3)
            weight = take(kernel, kernel, channels, filters).permute(3, 2, 0, 1)
            params[f"{i}.weight"] = weight.contiguous(memory_format=torch.channels_last)
            if layer.get("bias", True):
                params[f"{i}.bias"] = take(filters)
            channels = filters
        elif "dense" in layer:
            units = layer["dense"]
            params[f"{i}.weight"] = take(features or channels, units).t().contiguous()
            if layer.get("bias", True):
                params[f"{i}.bias"] = take(units)
            features = channels = units
        elif "norm" in layer:
            for name in ("scale", "shift"):
                params[f"{i}.{name}"] = take(channels)
            for name in ("mean", "variance"):
                state[f"{i}.{name}"] = take(channels)
        elif "flatten" in layer:
            features = layer_size(layers[:i], shape)

    def forward(params, x, taps=None):
        for i, layer in enumerate(layers):
            if "conv" in layer:
                kernel = layer.get("kernel", 3)
                padding = kernel // 2 if layer.get("pad", "same") == "same" else layer["pad"]
                x = functional.conv2d(
                    x, params[f"{i}.weight"], params.get(f"{i}.bias"), layer.get("stride", 1), padding
                )
            elif "dense" in layer:
                x = functional.linear(x, params[f"{i}.weight"], params.get(f"{i}.bias"))
            elif "norm" in layer:
                own = [state[f"{i}.mean"], state[f"{i}.variance"], params[f"{i}.scale"], params[f"{i}.shift"]]
                x = functional.batch_norm(x, *own, training=training)
            elif "relu" in layer:
                x = x.relu_()
            elif "pool" in layer:
                x = functional.max_pool2d(x, layer["pool"])
            elif "flatten" in layer:
                x = x.permute(0, 2, 3, 1).flatten(1)
            else:
                raise ValueError(f"this peer has no layer {layer}")
            if taps is not None:
                taps[str(i)] = x
        return x

    return forward, params, shape, layers[-1]["dense"]


def layer_size(layers, shape):
    """Numbers that layers make of one image."""
    height, width, channels = shape
    for layer in layers:
        if "conv" in layer:
            channels, stride = layer["conv"], layer.get("stride", 1)
            lost = 1 if layer.get("pad", "same") == "same" else layer.get("kernel", 3)
            height, width = (height - lost) // stride + 1, (width - lost) // stride + 1
        elif "pool" in layer:
            height, width = height // layer["pool"], width // layer["pool"]
    return height * width * channels


class Subject:
    """A loaded work: the loss by autograd, and torch.optim.SGD."""

    def __init__(self, torch, folder, dtype):
        self.torch = torch
        work = read_work(torch, folder, dtype)
        self.config, self.network, self.initial, self.x, self.soft, self.labels, self.teacher = work
        self.trains = self.config["kind"] == "train"
        self.params = {name: p.clone().requires_grad_(self.trains) for name, p in self.initial.items()}
        self.idle_since = 0.0
        self.reset()

    def reset(self):
        with self.torch.no_grad():
            for name, param in self.params.items():
                param.copy_(self.initial[name])
        if self.trains:
            self.optimizer = self.torch.optim.SGD(
                self.params.values(), lr=self.config["lr"], momentum=self.config["momentum"]
            )
        self.steps = 0

    def forward(self):
        return self.network(self.params, self.x)

    def loss(self):
        import objectives  # needs PyTorch, which may be absent

        if self.teacher:
            return objectives.loss(self)
        t, alpha = self.config["temperature"], self.config["alpha"]
        return objectives.distillation(self.forward(), self.soft, self.labels, t, alpha)

    def step(self):
        loss = self.loss()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        self.steps += 1
        return loss

    def losses(self, steps):
        self.reset()
        losses = [self.step().item() for _ in range(steps)]
        self.reset()
        return losses

    def outputs(self):
        with self.torch.inference_mode():
            return self.forward().flatten().tolist()

    def run(self, n):
        if not self.trains:
            with self.torch.inference_mode():
                return timed(self.forward, n)
        seconds = cpu_seconds = 0.0
        while n > 0:
            if self.steps >= STEPS_BEFORE_RESET:
                self.reset()
            count = min(n, STEPS_BEFORE_RESET - self.steps)
            more, more_cpu = timed(self.step, count)
            seconds += more
            cpu_seconds += more_cpu
            n -= count
        return seconds, cpu_seconds


def timed(call, n):
    """Seconds of n calls by the wall, and summed over all threads of this process."""
    cpu, start = time.process_time(), time.perf_counter()
    for _ in range(n):
        call()
    return time.perf_counter() - start, time.process_time() - cpu


def answer(torch, dtype, subject, request):
    command = request["cmd"]
    if command == "load":
        return Subject(torch, request["dir"], dtype), {"ok": True}
    if subject is None:
        raise ValueError(f'"{command}" needs a work to be loaded first')
    if command == "losses" and subject.trains:
        return subject, {"losses": subject.losses(request.get("steps", 5))}
    if command == "outputs" and not subject.trains:
        return subject, {"outputs": subject.outputs()}
    if command == "run":
        idle = time.process_time() - subject.idle_since
        seconds, cpu_seconds = subject.run(request["n"])
        subject.idle_since = time.process_time()
        return subject, {"ms": seconds * 1e3, "cpuMs": cpu_seconds * 1e3, "idleCpuMs": idle * 1e3}
    raise ValueError(f'"{command}" isn\'t known for this work')


def main():
    variant = sys.argv[1] if len(sys.argv) > 1 else "avx512"
    name = "torch" if variant == "best" else f"torch-{variant}"
    try:
        import torch
    except ImportError as error:
        say({"absent": f"{error}; to have it with OpenBLAS: {HOW}"})
        return
    torch.set_num_threads(1)
    torch.mm(torch.ones(64, 64), torch.ones(64, 64))  # whatever loads a BLAS lazily has loaded it now
    why = why_absent(variant)
    if why:
        say({"absent": why})
        return
    blas = openblas()
    vectors = next((l.split()[-1] for l in torch.__config__.show().splitlines() if "CPU capability" in l), "?")
    onednn = re.search(r"MKL-DNN v([\d.]+)", torch.__config__.show())
    onednn = onednn.group(1) if onednn and torch.backends.mkldnn.is_available() else "none"
    detail = f"{blas[0]} (core {blas[1]}), oneDNN {onednn}, PyTorch's own vectors {vectors}, one thread, torch.optim.SGD"
    say({"ready": True, "name": name, "version": torch.__version__, "detail": detail})
    subject, dtype = None, torch.float64 if variant == "double" else torch.float32
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            request = json.loads(line)
            if request["cmd"] == "exit":
                return
            subject, reply = answer(torch, dtype, subject, request)
            say(reply)
        except Exception as error:  # the driver is to hear of everything
            say({"error": f"{type(error).__name__}: {error}"})


main()
