// Elementwise arithmetic and losses.

#ifdef CTORCH_ENABLED

#include "Common.h"

namespace ct {

using Operand = const ct_tensor *;

static ct_tensor *add(Operand a, Operand b) {
    return made([&] { return a->value + b->value; });
}

static ct_tensor *multiply(Operand a, Operand b) {
    return made([&] { return a->value * b->value; });
}

static ct_tensor *divide(Operand a, Operand b) {
    return made([&] { return a->value / b->value; });
}

static ct_tensor *minimum(Operand a, Operand b) {
    return made([&] { return at::minimum(a->value, b->value); });
}

static ct_tensor *maximum(Operand a, Operand b) {
    return made([&] { return at::maximum(a->value, b->value); });
}

static ct_tensor *exponential(Operand x) {
    return made([&] { return x->value.exp(); });
}

static ct_tensor *clamp(Operand x, double low, double high) {
    return made([&] { return x->value.clamp(low, high); });
}

static ct_tensor *affine(Operand x, double factor, double offset) {
    return made([&] { return x->value * factor + offset; });
}

static ct_tensor *sum(Operand x) {
    return made([&] { return x->value.sum(); });
}

static ct_tensor *sum_last(Operand x) {
    return made([&] { return x->value.sum(-1); });
}

static ct_tensor *binary_cross_entropy(Operand logits, Operand targets) {
    return made([&] {
        return at::binary_cross_entropy_with_logits(
            logits->value, targets->value, {}, {}, at::Reduction::None);
    });
}

static ct_tensor *cross_entropy(Operand logits, Operand labels) {
    return made([&] {
        return at::cross_entropy_loss(logits->value, labels->value, {}, at::Reduction::None);
    });
}

static ct_tensor *smooth_l1(Operand x, Operand targets, double beta) {
    return made([&] { return at::smooth_l1_loss(x->value, targets->value, at::Reduction::None, beta); });
}

void fill_arithmetic(ct_face &face) {
    face.add = add;
    face.multiply = multiply;
    face.divide = divide;
    face.minimum = minimum;
    face.maximum = maximum;
    face.exponential = exponential;
    face.clamp = clamp;
    face.affine = affine;
    face.sum = sum;
    face.sum_last = sum_last;
    face.binary_cross_entropy = binary_cross_entropy;
    face.cross_entropy = cross_entropy;
    face.smooth_l1 = smooth_l1;
}

} // namespace ct

#endif
