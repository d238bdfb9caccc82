"""Write torch_generating.json: torch's losses, gradients and densities, to hold reference/ against.

Run once, in an environment of its own:

    python -m venv /tmp/torch && /tmp/torch/bin/pip install torch==2.13.0 numpy
    /tmp/torch/bin/python tests/reference/make_torch_generating.py

The tests read the file and need no torch. Gradients are torch's own, by its automatic differentiation.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal
from torch.nn.functional import binary_cross_entropy_with_logits, kl_div, linear, mse_loss

TARGET = Path(__file__).with_name("torch_generating.json")


def main() -> None:
    rng = np.random.default_rng(8)
    made = {"losses": losses(rng), "gan_value": gan_value(rng), "gan_steps": gan_steps(rng)}
    made |= {"noise_loss": noise_loss(rng), "mixture": mixture(rng)}
    TARGET.write_text(json.dumps(made, default=plain) + "\n", encoding="utf-8")


def losses(rng: np.random.Generator) -> dict[str, Any]:
    real = tensor(np.append(4 * rng.normal(size=6), [1000.0, -1000.0]))
    fake = tensor(np.append(4 * rng.normal(size=4), [1000.0, -1000.0]))
    discriminator, minimax, non_saturating = discriminator_loss(real, fake), -no(fake), yes(fake)
    return {
        "real": real,
        "fake": fake,
        "discriminator": {"loss": discriminator, "gradient": gradient(discriminator, real, fake)},
        "minimax": {"loss": minimax, "gradient": gradient(minimax, fake)[0]},
        "non_saturating": {"loss": non_saturating, "gradient": gradient(non_saturating, fake)[0]},
    }


def yes(logits: torch.Tensor) -> torch.Tensor:
    return binary_cross_entropy_with_logits(logits, torch.ones_like(logits))


def no(logits: torch.Tensor) -> torch.Tensor:
    return binary_cross_entropy_with_logits(logits, torch.zeros_like(logits))


def discriminator_loss(real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
    return yes(real) + no(fake)


def gan_value(rng: np.random.Generator) -> dict[str, Any]:
    """2 JS - log 4, where 2 JS is KL(p, m) + KL(q, m) of the middle m."""
    p, q = torch.tensor(rng.dirichlet(np.ones(6))), torch.tensor(rng.dirichlet(np.ones(6)))
    p[2] = q[2] = q[4] = 0.0
    p, q = p / p.sum(), q / q.sum()
    middle = ((p + q) / 2)[[0, 1, 3, 4, 5]].log()
    twice_js = sum(kl_div(middle, a[[0, 1, 3, 4, 5]], reduction="sum") for a in (p, q))
    return {"p": p, "q": q, "value": twice_js - np.log(4.0)}


def gan_steps(rng: np.random.Generator) -> dict[str, Any]:
    params, x, z = rng.normal(size=4), 3 + rng.normal(size=7), rng.normal(size=5)
    a, b, u, c = (tensor(param) for param in params)
    runs = []
    for _ in range(3):
        optimizer = torch.optim.SGD([u, c], lr=0.3)
        optimizer.zero_grad()
        discriminator_loss(u * tensor(x) + c, u * (a * tensor(z) + b).detach() + c).backward()
        optimizer.step()
        optimizer = torch.optim.SGD([a, b], lr=0.3)
        optimizer.zero_grad()
        yes(u * (a * tensor(z) + b) + c).backward()
        optimizer.step()
        runs.append([float(param.detach()) for param in (a, b, u, c)])
    return {"params": params, "x": x, "z": z, "lr": 0.3, "after": runs}


def noise_loss(rng: np.random.Generator) -> dict[str, Any]:
    W, b, x0, noise = (rng.normal(size=shape) for shape in ((3, 3), (3,), (5, 3), (5, 3)))
    betas, t = rng.uniform(0.01, 0.3, size=6), rng.integers(6, size=5)
    weights, bias = tensor(W), tensor(b)
    bars = torch.cumprod(1 - torch.tensor(betas), dim=0)[torch.tensor(t)][:, None]
    x_t = bars.sqrt() * torch.tensor(x0) + (1 - bars).sqrt() * torch.tensor(noise)
    loss = 3 * mse_loss(linear(x_t, weights, bias), torch.tensor(noise))
    given = {"W": W, "b": b, "x0": x0, "t": t, "noise": noise, "betas": betas}
    return {"given": given, "x_t": x_t, "loss": loss, "gradient": gradient(loss, weights, bias)}


def mixture(rng: np.random.Generator) -> dict[str, Any]:
    pi, mu, s = rng.dirichlet(np.full(3, 3.0)), 2 * rng.normal(size=(3, 2)), rng.uniform(0.3, 1.5, size=3)
    x = tensor(np.concatenate([2 * rng.normal(size=(5, 2)), [[1000.0, 0.0], [-600.0, -800.0]]]))
    normal = Independent(Normal(torch.tensor(mu), torch.tensor(s)[:, None].expand(3, 2)), 1)
    log_density = MixtureSameFamily(Categorical(torch.tensor(pi)), normal).log_prob(x)
    score = gradient(log_density.sum(), x)[0]
    return {"x": x, "pi": pi, "mu": mu, "s": s, "log_density": log_density, "score": score}


def tensor(values: Any) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def gradient(loss: torch.Tensor, *leaves: torch.Tensor) -> list[torch.Tensor]:
    return list(torch.autograd.grad(loss, leaves, retain_graph=True))


def plain(value: Any) -> Any:
    return value.detach().tolist() if isinstance(value, torch.Tensor) else np.asarray(value).tolist()


if __name__ == "__main__":
    main()
