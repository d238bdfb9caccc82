"""Make torch_attention.json: what torch answers, for reference/{attention,transformer,language}.py.

    python tests/reference/make_torch_attention.py

Values are float64, written to 17 digits. It needs torch 2, with other versions the last digits may differ.
"""

import json
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional as F

TARGET = Path(__file__).with_name("torch_attention.json")


def main() -> None:
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(7)
    made: dict[str, Any] = {}

    Q, K, V = (torch.randn(2, 3, rows, columns, requires_grad=True) for rows, columns in ((4, 5), (6, 5), (6, 2)))
    mask = torch.rand(4, 6) < 0.6
    mask[:, 0] = True
    grad = torch.randn(2, 3, 4, 2)
    out = F.scaled_dot_product_attention(Q, K, V, attn_mask=mask)
    dQ, dK, dV = torch.autograd.grad(out, (Q, K, V), grad)
    made["attention"] = {"Q": Q, "K": K, "V": V, "mask": mask, "grad": grad, "out": out, "dQ": dQ, "dK": dK, "dV": dV}

    x, gamma, beta = (torch.randn(*shape, requires_grad=True) for shape in ((2, 3, 6), (6,), (6,)))
    out = F.layer_norm(x, (6,), gamma, beta)
    grad = torch.randn(2, 3, 6)
    dx, dgamma, dbeta = torch.autograd.grad(out, (x, gamma, beta), grad)
    names = {"x": x, "gamma": gamma, "beta": beta, "grad": grad, "out": out}
    made["layer_norm"] = names | {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}
    made["gelu"] = F.gelu(x, approximate="tanh")

    layer = torch.nn.TransformerEncoderLayer(
        6, 2, 8, dropout=0.0, activation=lambda x: F.gelu(x, approximate="tanh"), batch_first=True, norm_first=True
    )
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter)
    torch.nn.init.zeros_(layer.self_attn.in_proj_bias)
    torch.nn.init.zeros_(layer.self_attn.out_proj.bias)
    future = torch.triu(torch.ones(3, 3, dtype=torch.bool), 1)
    W_q, W_k, W_v = layer.self_attn.in_proj_weight.chunk(3)
    p = {"W_q": W_q, "W_k": W_k, "W_v": W_v, "W_o": layer.self_attn.out_proj.weight}
    p |= {
        "W_1": layer.linear1.weight,
        "b_1": layer.linear1.bias,
        "W_2": layer.linear2.weight,
        "b_2": layer.linear2.bias,
    }
    for i, norm in ((1, layer.norm1), (2, layer.norm2)):
        p |= {f"ln{i}_gamma": norm.weight, f"ln{i}_beta": norm.bias}
    made["block"] = {"x": x, "p": p, "out": layer(x, src_mask=future)}

    logits = (3 * torch.randn(2, 5, 4)).requires_grad_()
    ids = torch.randint(4, (2, 5))
    loss = F.cross_entropy(logits[:, :-1].reshape(-1, 4), ids[:, 1:].reshape(-1))
    (dlogits,) = torch.autograd.grad(loss, logits)
    made["loss"] = {"logits": logits, "ids": ids, "loss": loss, "dlogits": dlogits}
    TARGET.write_text(json.dumps(made, default=lambda tensor: tensor.tolist()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
