// Random weights of GEMMs, their packed form, and the plain sums to compare with.
#include "checks.h"

#include <string.h>

// The weights of one output for a step of `group` inputs, in 32 bits.
static uint32_t step_word(const packed_weights *weights, ptrdiff_t output, ptrdiff_t step, int group) {
    uint32_t word = 0;
    int bits = 32 / group;
    for (int place = 0; place < group; place++) {
        ptrdiff_t input = step * group + place;
        if (input >= weights->inputs || output >= weights->outputs) { continue; }
        float weight = weights->weights[output * weights->inputs + input];
        uint32_t pattern;
        memcpy(&pattern, &weight, sizeof pattern);
        if (group > 1) { pattern = (uint32_t)(int32_t)weight & (0xffffffffu >> (32 - bits)); }
        word |= pattern << (place * bits);
    }
    return word;
}

// Packs panel after panel, each one row of outputs per step.
static void *pack(const packed_weights *weights, ptrdiff_t half, int group) {
    ptrdiff_t steps = rounded_up(weights->inputs, group) / group;
    float *packed = guarded(steps * weights->half_vectors * half, zeros);
    float *to = packed;
    for (ptrdiff_t done = 0; done < weights->half_vectors;) {
        ptrdiff_t panel = ck_panel(weights->half_vectors - done);
        for (ptrdiff_t step = 0; step < steps; step++) {
            for (ptrdiff_t output = done * half; output < (done + panel) * half; output++) {
                uint32_t word = step_word(weights, output, step, group);
                memcpy(to++, &word, sizeof word);
            }
        }
        done += panel;
    }
    return packed;
}

static void add_lowp(const ck_table *table, packed_weights *weights, float inverse, float zero) {
    ptrdiff_t group = table->int8.group;
    weights->starts = (int32_t *)guarded(weights->padded, zeros);
    weights->scales = guarded(weights->padded, zeros);
    for (ptrdiff_t output = 0; output < weights->padded; output++) {
        weights->starts[output] = 0;
        // A power of two keeps integer sums integers.
        weights->scales[output] = output < weights->outputs ? ldexpf(1, -next_below(12)) : 0;
        if (output >= weights->outputs) { continue; }
        const float *row = weights->weights + output * weights->inputs;
        int32_t total = 0;
        for (ptrdiff_t input = 0; input < weights->inputs; input++) { total += (int32_t)row[input]; }
        weights->starts[output] = (table->int8.offset - (int32_t)zero) * total;
    }
    weights->lowp = (ck_lowp){
        .steps = rounded_up(weights->inputs, group) / group,
        .inverse = inverse,
        .zero = zero,
        .starts = weights->starts,
        .scales = weights->scales,
    };
}

packed_weights random_weights(
    const ck_table *table, ptrdiff_t inputs, ptrdiff_t outputs, int is_int8, float inverse, float zero
) {
    ptrdiff_t half = table->width / 2;
    packed_weights result = {.inputs = inputs, .outputs = outputs};
    result.half_vectors = rounded_up(outputs, table->padding) / half;
    result.padded = rounded_up(result.half_vectors * half, table->width);
    result.weights = guarded(inputs * outputs, uniform);
    // Some rows hold only the greatest weight.
    for (ptrdiff_t i = 0; is_int8 && i < inputs * outputs; i++) {
        int is_greatest = i / inputs % 5 == 1;
        result.weights[i] = is_greatest ? 127 : rintf(result.weights[i] * 127);
    }
    result.bias = guarded(result.padded, uniform);
    result.packed = pack(&result, half, is_int8 ? (int)table->int8.group : 1);
    if (is_int8) { add_lowp(table, &result, inverse, zero); }
    return result;
}

// An input quantized to 8 bits, as the header describes it.
static int quantized(float value, const ck_lowp *lowp) {
    float scaled = rintf(value * lowp->inverse + lowp->zero);
    return scaled > 0 ? scaled < 255 ? (int)scaled : 255 : 0;
}

sum plain_sum(const packed_weights *weights, int is_int8, const float *inputs, ptrdiff_t output) {
    const float *row = weights->weights + output * weights->inputs;
    sum result = {0, 0};
    int64_t whole = 0;
    for (ptrdiff_t input = 0; input < weights->inputs; input++) {
        double term = (double)inputs[input] * (double)row[input];
        if (is_int8) {
            int zero = (int)weights->lowp.zero;
            whole += (quantized(inputs[input], &weights->lowp) - zero) * (int)row[input];
        } else {
            result.sum += term;
            result.magnitude += fabs(term);
        }
    }
    if (is_int8) {
        result.sum = (double)whole * (double)weights->scales[output];
        // Exact except for the rounding of the epilogue: an integer sum that is off by one is detected.
        result.magnitude = fabs(result.sum) * 0.2;
    }
    return result;
}
