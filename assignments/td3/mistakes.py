"""Mistakes that students make in td3, each an edit of reference/autodiff.py.

What they cost is measured by `surdix validate td3`. Whoever cannot go back through a graph, or cannot differentiate a
product, has no second derivative either: these are the dearest.
"""

from grader.authoring import Mistake

MISTAKES = [
    Mistake(
        "differences_forward",
        "        behind[index] -= h\n        found[index] = (float(f(ahead)) - float(f(behind))) / (2 * h)\n",
        "        found[index] = (float(f(ahead)) - float(f(behind))) / h\n",
        "On how many sides of x do you ask f? What is your answer for x^3 at h = 0.1, and what should it be?",
        "(f(x + h) - f(x)) / h is off by h f''/2. The central (f(x + h) - f(x - h)) / 2h is off by h^2 f'''/6.",
    ),
    Mistake(
        "differences_without_2",
        "float(f(behind))) / (2 * h)",
        "float(f(behind))) / h",
        "How far are the two points apart at which you ask f?",
        "From x - h to x + h it is 2h.",
    ),
    Mistake(
        "differences_ignore_h",
        "        ahead[index] += h\n        behind[index] -= h\n        found[index] = (float(f(ahead)) - "
        "float(f(behind)))"
        " / (2 * h)\n",
        "        ahead[index] += 1e-6\n        behind[index] -= 1e-6\n"
        "        found[index] = (float(f(ahead)) - float(f(behind))) / 2e-6\n",
        "Who decides how large the step is?",
        "The step is an argument, with 1e-6 as its default: use h.",
    ),
    Mistake(
        "differences_in_integers",
        "x = np.array(x, dtype=np.float64)\n    found",
        "x = np.array(x)\n    found",
        "What does an array of integers hold after 1e-6 has been added to one of its entries?",
        "Assigning to an integer array cuts off what comes after the point. Make a float64 copy first.",
    ),
    Mistake(
        "differences_move_x_for_good",
        "    x = np.array(x, dtype=np.float64)\n    found: Array = np.empty_like(x)\n"
        "    for index in np.ndindex(x.shape):\n        ahead, behind = x.copy(), x.copy()\n",
        "    found: Array = np.empty(np.shape(x))\n"
        "    for index in np.ndindex(x.shape):\n        behind, ahead = x.astype(np.float64), x\n",
        "After numerical_gradient(f, x), what is in x? Whose array is it?",
        "x belongs to the caller. Move a copy of it, or put back exactly what was there.",
    ),
    Mistake(
        "gradient_overwritten",
        "gradients[arg.index] = part if known is None else known + part",
        "gradients[arg.index] = part",
        "In y = x * x, how many ways lead from y back to x? What does each of them bring?",
        "The gradient is the sum over all ways. What comes second is added to what came first, not put in its place.",
    ),
    Mistake(
        "grad_replaced_by_each_backward",
        "            if leaf.grad is not None:\n                g = leaf.grad + g\n",
        "",
        "What is in x.grad after two losses that both use x have each been sent back?",
        "backward adds to grad: a leaf that has a gradient already gets the sum of both.",
    ),
    Mistake(
        "graph_walked_as_found",
        "for index in sorted(nodes, reverse=True):",
        "for index in list(nodes):",
        "When you pass a tensor's gradient on, has everything arrived that will arrive there?",
        "A tensor passes its gradient on when all its users have done so. Newest first is such an order: users are "
        "younger than what they use.",
    ),
    Mistake(
        "graph_walked_by_recursion",
        """    nodes, waiting = {result.index: result}, [result]
    while waiting:
        for arg in waiting.pop().args:
            if type(arg) is Tensor and arg.index not in nodes:
                if arg.index < oldest:
                    again = True  # a variable of somebody else's, who may ask how the gradient depends on it
                else:
                    nodes[arg.index] = arg
                    waiting.append(arg)
""",
        """    nodes = {result.index: result}

    def visit(node: Tensor) -> None:
        for arg in node.args:
            if type(arg) is Tensor and arg.index >= oldest and arg.index not in nodes:
                nodes[arg.index] = arg
                visit(arg)

    visit(result)
""",
        "How deep does Python let functions call themselves, and how long may a chain of operations be?",
        "Python stops at a depth of about 1000. Keep a list of the tensors that wait to be looked at, and a loop.",
    ),
    Mistake(
        "subtraction_from_the_wrong_side",
        "return record(np.subtract, other, self)",
        "return record(np.subtract, self, other)",
        "Python calls __rsub__ for 3 - x. Which of the two is taken away from which?",
        "x.__rsub__(3) means 3 - x: the tensor is the second argument, and its gradient is negative.",
    ),
    Mistake(
        "subtraction_with_the_rule_of_addition",
        "    return -g\n",
        "    return g\n",
        "If b grows a little, does a - b grow or fall?",
        "The derivative of a - b with respect to b is -1: -g.",
    ),
    Mistake(
        "product_with_its_own_factor",
        "    return g * b\n    ### END SOLUTION\n\n\n@rule(np.multiply, 1)",
        "    return g * a\n    ### END SOLUTION\n\n\n@rule(np.multiply, 1)",
        "By how much does a * b change if a grows by 1?",
        "The derivative of a b with respect to a is b, the other factor.",
    ),
    Mistake(
        "quotient_without_square",
        "return -g * y / b",
        "return -g / b",
        "What is the derivative of a / b with respect to b? How often does b stand in it, and where is a?",
        "It is -a / b^2, which is -y / b with y = a / b.",
    ),
    Mistake(
        "quotient_with_the_wrong_sign",
        "return -g * y / b",
        "return g * y / b",
        "If the denominator grows, does the quotient grow or fall?",
        "The derivative of a / b with respect to b is -a / b^2: mind the sign.",
    ),
    Mistake(
        "power_keeps_its_exponent",
        "return g * (n * x ** (n - 1 + zero))",
        "return g * (n * x**n)",
        "What is the derivative of x^3, and what is its exponent?",
        "It is n x^(n - 1): the exponent goes down by 1.",
    ),
    Mistake(
        "power_with_log_of_the_exponent",
        "return g * y * log(x)",
        "return g * y * log(n)",
        "Write 2^x as exp(…). What stands beside x?",
        "x^n = exp(n log x), so its derivative with respect to n is x^n log x: the logarithm of the base.",
    ),
    Mistake(
        "power_of_a_negative_base",
        "return g * (n * x ** (n - 1 + zero))",
        "return g * (n * exp((n - 1) * log(x)))",
        "What is the logarithm of -2, and what is (-2)^3?",
        "exp(n log x) is x^n for positive x only. Use n x^(n - 1) as it stands.",
    ),
    Mistake(
        "log_times_instead_of_over",
        "@rule(np.log)\ndef _log_rule(g: Value, y: Value, x: Value) -> Value:\n    ### BEGIN SOLUTION\n    "
        "return g / x",
        "@rule(np.log)\ndef _log_rule(g: Value, y: Value, x: Value) -> Value:\n    ### BEGIN SOLUTION\n    "
        "return g / y",
        "Is the slope of the logarithm given by what goes in or by what comes out?",
        "The derivative of log x is 1 / x, where x is the argument and not the result.",
    ),
    Mistake(
        "tanh_by_its_argument",
        "return g * (1.0 - y * y)",
        "return g * (1.0 - x * x)",
        "In 1 - t^2, is t what goes into tanh or what comes out of it? What is the slope of tanh at 5?",
        "tanh' = 1 - tanh^2, so it is 1 - y^2, with the result y.",
    ),
    Mistake(
        "sigmoid_by_its_argument",
        "return g * (y * (1.0 - y))",
        "return g * (x * (1.0 - x))",
        "In s (1 - s), is s what goes into the sigmoid or what comes out of it?",
        "The slope of the sigmoid is y (1 - y), with the result y.",
    ),
    Mistake(
        "sigmoid_overflows",
        "return 0.5 + 0.5 * np.tanh(0.5 * np.asarray(x))",
        "return 1.0 / (1.0 + np.exp(-np.asarray(x)))",
        "What does exp(-x) give at x = -1000?",
        "exp(1000) overflows. The sigmoid is also (1 + tanh(x/2)) / 2, and tanh never overflows.",
    ),
    Mistake(
        "softplus_overflows",
        "return np.logaddexp(0.0, x)",
        "return np.log(1.0 + np.exp(x))",
        "What does exp(x) give at x = 1000, and what should softplus be there?",
        "log(1 + e^x) is nearly x for large x. np.logaddexp(0, x) knows it, or max(x, 0) + log1p(exp(-|x|)).",
    ),
    Mistake(
        "relu_passes_at_zero",
        ") > 0.0).astype(np.float64)",
        ") >= 0.0).astype(np.float64)",
        "What is your slope of relu at exactly 0, and what did we agree on?",
        "relu has no derivative at 0; we take 0: x > 0, not x >= 0.",
    ),
    Mistake(
        "relu_passes_all",
        "return g * ((x.data if type(x) is Tensor else x) > 0.0).astype(np.float64)",
        "return g",
        "If x is -3 and moves a little, does relu(x) move?",
        "Where x is negative the result stays 0: the slope is 0 there.",
    ),
    Mistake(
        "broadcasting_not_summed_back",
        "                    part = _unbroadcast(part, arg.data.shape)\n",
        "                    part = part + 0.0\n",
        "What is the shape of the gradient of a row that was added to each row of a matrix?",
        "A gradient has the shape of its argument. An entry that was repeated has a part in each repetition: sum.",
    ),
    Mistake(
        "broadcasting_forgets_axes_of_size_1",
        "enumerate(shape) if size == 1)",
        "enumerate(shape) if size == 0)",
        "Besides adding axes in front, what else does broadcasting stretch?",
        "An axis of size 1 is stretched too: sum over it, and keep it with size 1.",
    ),
    Mistake(
        "broadcasting_averaged_back",
        "return g.sum(axis=axes).reshape(shape)",
        "return g.mean(axis=axes).reshape(shape)",
        "If a number is added to ten others, by how much does their sum grow when the number grows by 1?",
        "Each repetition has its part in the result: they add up, and nothing is divided.",
    ),
    Mistake(
        "sum_not_spread_along_its_axis",
        "axes = range(len(shape)) if axis is None else np.atleast_1d(axis) % max(len(shape), 1)\n",
        "axes = range(len(shape)) if axis is None else [0]\n",
        "A matrix is summed along its rows. Which entries did each of the results come from?",
        "Put the axis that was summed over back, with size 1, where it was; then the gradient can be spread along it.",
    ),
    Mistake(
        "sum_along_negative_axes",
        "np.atleast_1d(axis) % max(len(shape), 1)",
        "np.atleast_1d(axis)",
        "Which axis is meant by -1?",
        "axis = -1 is the last one: axis % ndim gives its number.",
    ),
    Mistake(
        "mean_without_n",
        "return total * (total.data.size / x.data.size)",
        "return total * 1.0",
        "What is the mean of three ones?",
        "The mean is the sum divided by the number of entries that were summed.",
    ),
    Mistake(
        "mean_by_the_whole_size",
        "return total * (total.data.size / x.data.size)",
        "return total * (1 / x.data.size)",
        "Along an axis, how many entries is each mean the mean of?",
        "Divide by the length of the axes that were summed over, not by the number of all entries.",
    ),
    Mistake(
        "transpose_left_as_it_is",
        "return g.T\n",
        "return g.reshape(x.shape)\n",
        "Where does the entry (0, 1) of x go under T, and where must its gradient come from?",
        "reshape keeps the order of entries, T does not. The gradient of a transpose is the gradient, transposed.",
    ),
    Mistake(
        "matmul_left_without_transposing",
        "return g @ b.T\n    ### END",
        "return g @ b\n    ### END",
        "For y = a b, write one entry y_ij as a sum, and take its derivative with respect to a_ik. Which index "
        "is summed?",
        "dL/da_ik = sum_j g_ij b_kj, which is g b^T. For square matrices g b has the right shape, and is wrong.",
    ),
    Mistake(
        "matmul_right_without_transposing",
        "return a.T @ g\n    ### END",
        "return a @ g\n    ### END",
        "For y = a b, write one entry y_ij as a sum, and take its derivative with respect to b_kj. Which index "
        "is summed?",
        "dL/db_kj = sum_i a_ik g_ij, which is a^T g. For square matrices a g has the right shape, and is wrong.",
    ),
    Mistake(
        "matmul_for_matrices_only",
        "    if len(b.shape) == 1:\n        return _outer(g, b)  # where a has one axis too, a row, whose second axis "
        "`_unbroadcast` takes away\n",
        "",
        "What are the shapes of g and b when a matrix is multiplied by a vector?",
        "For a vector b, y_i = sum_k a_ik b_k, so dL/da_ik = g_i b_k: an outer product.",
    ),
    Mistake(
        "repeated_indices_added_once",
        "    np.add.at(whole, key, g)\n",
        "    whole[key] += g\n",
        "Try a = np.zeros(2); a[[0, 0]] += 1. What is in a?",
        "whole[key] += g reads all, adds, and writes all: a repeated entry is written over, as with whole[key] = g. "
        "np.add.at adds each time.",
    ),
    Mistake(
        "logsumexp_overflows",
        "    return np.squeeze(most, axis) + np.log(np.sum(np.exp(x - most), axis=axis))\n",
        "    return np.squeeze(0.0 * most, axis) + np.log(np.sum(np.exp(x), axis=axis))\n",
        "What is exp(1000)? What can be taken out of all the exponentials of a row?",
        "Subtract the largest entry before exp, and add it again after log.",
    ),
    Mistake(
        "logsumexp_forgets_the_largest",
        "np.squeeze(most, axis) + np.log(",
        "np.log(",
        "You have subtracted the largest entry. Is it still in your result?",
        "log sum exp(x) = m + log sum exp(x - m): m is added again.",
    ),
    Mistake(
        "grad_cannot_be_differentiated",
        "return g if type(g) is Tensor else Tensor(g)",
        "return Tensor(g.data if type(g) is Tensor else g)",
        "From what was the tensor that you return made? What can be found by going back from it?",
        "A tensor that is made anew from an array has no past. Compute the gradient with tensors, and return that one.",
    ),
    Mistake(
        "grad_without_a_variable_of_its_own",
        "inner = record(np.positive, x) if again else Tensor(x)",
        "inner = x if again else Tensor(x)",
        "If the inner derivative is taken at x itself, and the function uses x as well, whose changes are measured?",
        "Differentiate at a copy that was made from x: the inner derivative stops there, the outer one goes on to x.",
    ),
    Mistake(
        "grad_at_an_unrelated_copy",
        "inner = record(np.positive, x) if again else Tensor(x)",
        "inner = Tensor(x.data) if again else Tensor(x)",
        "Is the result of the inner derivative still a function of x? Which way leads from it back to x?",
        "The copy must be made from x by an operation. Tensor(x.data) has no past: the outer derivative is then lost.",
    ),
    Mistake(
        "elementwise_grad_averages",
        "return _derivative(f, scalar=False)",
        "return _derivative(lambda x: f(x).mean(), scalar=True)",
        "An entry of the result depends on one entry of x. By what may it be divided?",
        "The sum of f has at each entry the derivative of f there; the mean divides it by n, at each order again.",
    ),
    Mistake(
        "elementwise_grad_adds_up",
        "return _derivative(f, scalar=False)",
        "return _derivative(lambda x: f(x).sum(axis=0) + 0.0 * f(x), scalar=False)",
        "How many results depend on one entry of x, and how many did you add up for it?",
        "Start with a gradient of 1 at each entry of f(x), or from the sum over all: nothing is counted twice.",
    ),
    Mistake(
        "check_gradient_averages",
        "float(np.max(np.abs(exact - near) / np.maximum(1e-8, np.abs(exact) + np.abs(near)), initial=0.0))",
        "float(np.mean(np.abs(exact - near) / np.maximum(1e-8, np.abs(exact) + np.abs(near))))",
        "One entry of 100 is wrong. What does a mean say of it?",
        "Take the largest error: a mean hides a single wrong entry among many right ones.",
    ),
    Mistake(
        "check_gradient_divides_by_zero",
        "np.maximum(1e-8, np.abs(exact) + np.abs(near))",
        "(np.abs(exact) + np.abs(near))",
        "What is the relative error where both numbers are 0?",
        "0 / 0 is not a number. Divide by the larger of a small number, as 1e-8, and the size of the values.",
    ),
    Mistake(
        "check_gradient_without_absolute_values",
        "np.max(np.abs(exact - near) /",
        "np.max((exact - near) /",
        "If your gradient is too small everywhere, what sign has the error that you compute?",
        "The largest of negative errors is small. Take absolute values first.",
    ),
]
