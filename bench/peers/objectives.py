"""Losses of works on objectives by autograd, as their papers define them (docs/objectives.md)."""

import torch
from torch.nn.functional import cross_entropy, normalize, smooth_l1_loss, softmax


def distillation(logits, soft, labels, t, alpha):
    loss = cross_entropy(logits / t, soft) * ((1 - alpha) * t * t)
    return loss + alpha * cross_entropy(logits, labels)


def loss(subject):
    """The mean over the batch, teacher and student run on the same inputs."""
    objective = subject.config["objective"]
    if objective["kind"] == "gradient":
        return gradient(subject, objective["weight"])
    mine, theirs = {}, {}
    logits = subject.network(subject.params, subject.x, mine)
    with torch.no_grad():
        known = subject.teacher(subject.x, theirs)
    if objective["kind"] == "kd":
        t = objective["temperature"]
        return distillation(logits, softmax(known / t, 1), subject.labels, t, objective["alpha"])
    by = {"attention": attention, "relational": relational}[objective["kind"]]
    return cross_entropy(logits, subject.labels) + objective["weight"] * by(objective, mine, theirs)


def attention(objective, mine, theirs):
    """Half the distance of maps of length 1, summed over layers."""

    def apart(pair):
        maps = [normalize(x.square().sum(1).flatten(1)) for x in (mine[pair["student"]], theirs[pair["teacher"]])]
        return 0.5 * (maps[0] - maps[1]).norm(dim=1).mean()

    return sum(apart(pair) for pair in objective["layers"])


def relational(objective, mine, theirs):
    """Distances over their mean, and cosines of angles, of what goes into the last layers."""
    own, other = (taps[str(len(taps) - 2)] for taps in (mine, theirs))
    with torch.no_grad():
        far, turned = distances(other), angles(other)
    loss = objective["distance"] * smooth_l1_loss(distances(own), far)
    return loss + objective["angle"] * smooth_l1_loss(angles(own), turned)


def distances(x):
    lengths = x.square().sum(1)
    squared = (lengths[:, None] + lengths[None, :] - 2 * x @ x.t()).clamp(min=1e-12)
    apart = squared.sqrt() * (1 - torch.eye(len(x), dtype=x.dtype))
    return apart / apart[apart > 0].mean()


def angles(x):
    ways = normalize(x[None, :, :] - x[:, None, :], dim=2)
    return torch.bmm(ways, ways.transpose(1, 2))


def gradient(subject, weight):
    """The gradients of both losses by the inputs; the student's is differentiated again."""
    x = subject.x.detach().requires_grad_()
    own = cross_entropy(subject.network(subject.params, x), subject.labels, reduction="sum")
    (mine,) = torch.autograd.grad(own, x, create_graph=True)
    other = cross_entropy(subject.teacher(x), subject.labels, reduction="sum")
    (theirs,) = torch.autograd.grad(other, x)
    apart = (mine - theirs).flatten(1).norm(dim=1).mean()
    return own / len(x) + weight * 0.5 * apart
