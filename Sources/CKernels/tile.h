// A tile of a GEMM: pixels × one panel of up to three vectors of outputs. The sums stay in registers while the inputs
// are read, 32 bits of each pixel per step. The epilogue is applied before the store. With 8 bits it begins with
// the dequantization of the integer sums; the result is float32, and the next layer quantizes its inputs when it packs
// them (lowp.h).
//
// Included once for each precision and vector size. The including file defines:
// - CK_KIND, the name of the precision; CK_IS_LOWP; CK_IS_INTEGER;
// - CK_VECTOR, a vector or half of one; CK_INT_VECTOR, as many integers;
// - CK_ELEMENT, the type of 32 bits of input; CK_OPERAND, a vector of those;
// - CK_DOT(sums, weights, inputs), which adds the products of a step; with CK_LANES CK_DOT_LANE,
//   which takes the inputs from one lane.

#define CK_TILED(name) CK_JOIN(CK_KIND, CK_JOIN(CK_VECTOR, name))
#define CK_LOAD(type, from) (*(const CK_JOIN(packed, type) *)(from))

enum { CK_TILED(lanes) = sizeof(CK_VECTOR) / sizeof(float) };

CK_INLINE CK_VECTOR CK_TILED(bias)(const ck_pointwise *layer, ptrdiff_t place) {
    const ck_epilogue *epilogue = &layer->epilogue;
    CK_VECTOR bias = CK_LOAD(CK_VECTOR, epilogue->bias + place);
    if (!epilogue->broadcast_bias) { return bias; }
    return bias + CK_LOAD(CK_VECTOR, epilogue->broadcast_bias + place);
}

CK_INLINE void CK_TILED(start)(
    const ck_pointwise *layer, ptrdiff_t channel, int pixels, int vectors, CK_VECTOR (*sums)[3]
) {
    CK_UNROLL for (int v = 0; v < vectors; v++) {
        ptrdiff_t place = channel + v * CK_TILED(lanes);
#if CK_IS_INTEGER
        // Integer sums start at the correction for the inputs' zero point.
        CK_VECTOR start = (CK_VECTOR)CK_LOAD(CK_INT_VECTOR, layer->lowp->starts + place);
#else
        CK_VECTOR start = CK_TILED(bias)(layer, place);
#endif
        CK_UNROLL for (int p = 0; p < pixels; p++) { sums[p][v] = start; }
    }
}

CK_INLINE void CK_TILED(multiply)(
    const CK_ELEMENT *a, ptrdiff_t stride, ptrdiff_t steps, const CK_ELEMENT *weights, int pixels,
    int vectors, CK_VECTOR (*sums)[3]
) {
    // One base per three pixels keeps the addresses in registers.
    const CK_ELEMENT *b = a + 3 * stride, *c = a + 6 * stride, *d = a + 9 * stride;
    ptrdiff_t s = 0;
#ifdef CK_LANES
    // As many steps as a vector has lanes: one load per pixel serves them all.
    for (; s + CK_WIDTH <= steps; s += CK_WIDTH) {
        CK_OPERAND x[CK_TILE];
        CK_UNROLL for (int p = 0; p < pixels; p++) { x[p] = CK_LOAD(CK_OPERAND, a + p * stride + s); }
        CK_UNROLL for (int lane = 0; lane < CK_WIDTH; lane++) {
            CK_UNROLL for (int v = 0; v < vectors; v++) {
                CK_OPERAND w = CK_LOAD(CK_OPERAND, weights + v * CK_TILED(lanes));
                CK_UNROLL for (int p = 0; p < pixels; p++) {
                    sums[p][v] = CK_DOT_LANE(sums[p][v], w, x[p], lane);
                }
            }
            weights += vectors * CK_TILED(lanes);
        }
    }
#endif
    for (; s < steps; s++) {
        CK_OPERAND w[3];
        CK_UNROLL for (int v = 0; v < vectors; v++) {
            w[v] = CK_LOAD(CK_OPERAND, weights + v * CK_TILED(lanes));
        }
        ptrdiff_t at = s;
        CK_UNROLL for (int p = 0; p < pixels; p++) {
            const CK_ELEMENT *base = p < 3 ? a : p < 6 ? b : p < 9 ? c : d;
            CK_OPERAND x = (CK_OPERAND)(base[(p % 3) * stride + at]);
            CK_UNROLL for (int v = 0; v < vectors; v++) {
                sums[p][v] = CK_DOT(sums[p][v], w[v], x);
                CK_SETTLE(sums[p][v], at);
            }
        }
        weights += vectors * CK_TILED(lanes);
    }
}

// Applies the epilogue of one pixel up to the activation: dequantization, bias and residual.
CK_INLINE void CK_TILED(end_pixel)(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, int vectors, CK_VECTOR *sums
) {
    const ck_epilogue *epilogue = &layer->epilogue;
    ptrdiff_t index = epilogue->residual_index ? epilogue->residual_index[pixel] : pixel;
    CK_UNROLL for (int v = 0; v < vectors; v++) {
        ptrdiff_t place = channel + v * CK_TILED(lanes);
#if CK_IS_INTEGER
        // Integer sums are dequantized, and the bias is added.
        sums[v] = __builtin_convertvector((CK_INT_VECTOR)sums[v], CK_VECTOR)
                * CK_LOAD(CK_VECTOR, layer->lowp->scales + place)
            + CK_TILED(bias)(layer, place);
#endif
        if (epilogue->residual) {
            sums[v] += CK_LOAD(
                CK_VECTOR, epilogue->residual + index * epilogue->residual_stride + place);
        }
    }
}

CK_INLINE void CK_TILED(store)(float *to, CK_VECTOR value) {
    *(CK_JOIN(packed, CK_VECTOR) *)to = value;
}

CK_INLINE CK_VECTOR CK_TILED(greater)(CK_VECTOR a, CK_VECTOR b) { return a > b ? a : b; }

// Stores the maximum of three pixels, or of two at the end of an odd row, and of the activation's floor.
CK_INLINE void CK_TILED(pool)(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, int p, int is_pair, int vectors,
    CK_VECTOR (*sums)[3]
) {
    const ck_row_pooling *pooling = layer->pooling;
    CK_VECTOR floor = (CK_VECTOR)(floor_of(layer->epilogue.activation));
    ptrdiff_t place = (pixel + p) / 2 * layer->output_stride + channel;
    CK_UNROLL for (int v = 0; v < vectors; v++) {
        ptrdiff_t at = v * CK_TILED(lanes);
        CK_VECTOR left = p ? sums[p ? p - 1 : 0][v] : CK_LOAD(CK_VECTOR, pooling->left + channel + at);
        CK_VECTOR best = CK_TILED(greater)(floor, CK_TILED(greater)(left, sums[p][v]));
        if (is_pair) { best = CK_TILED(greater)(best, sums[p + is_pair][v]); }
        if (pooling->copy) { CK_TILED(store)(pooling->copy + place + at, best); }
        if (pooling->merged) {
            best = CK_TILED(greater)(best, CK_LOAD(CK_VECTOR, pooling->merged + place + at));
        }
        CK_TILED(store)(layer->output + place + at, best);
    }
}

// Computes the last steps pixel by pixel, so that the first pixels are stored while others are still multiplied.
// Storing all at once would stall the multiply-adds.
CK_INLINE void CK_TILED(finish)(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const CK_ELEMENT *from,
    ptrdiff_t stride, const CK_ELEMENT *weights, int steps, int pixels, int vectors, int pools,
    CK_VECTOR (*sums)[3]
) {
    CK_OPERAND w[3][3];
    CK_VECTOR floor = (CK_VECTOR)(floor_of(layer->epilogue.activation));
    float *to = layer->output + pixel * layer->output_stride + channel;
    CK_UNROLL for (int s = 0; s < steps; s++) {
        CK_UNROLL for (int v = 0; v < vectors; v++) {
            w[s][v] = CK_LOAD(CK_OPERAND, weights + (s * vectors + v) * CK_TILED(lanes));
        }
    }
    CK_UNROLL for (int p = 0; p < pixels; p++) {
        CK_UNROLL for (int s = 0; s < steps; s++) {
            CK_OPERAND x = (CK_OPERAND)(from[p * stride + s]);
            CK_UNROLL for (int v = 0; v < vectors; v++) {
                sums[p][v] = CK_DOT(sums[p][v], w[s][v], x);
            }
        }
        CK_TILED(end_pixel)(layer, pixel + p, channel, vectors, sums[p]);
        if (!pools) {
            CK_UNROLL for (int v = 0; v < vectors; v++) {
                CK_TILED(store)(to + v * CK_TILED(lanes), CK_TILED(greater)(floor, sums[p][v]));
            }
            to += layer->output_stride;
        } else if (p % 2) {
            CK_TILED(pool)(layer, pixel, channel, p - 1, 1, vectors, sums);
        } else if (p + 1 == pixels) {
            CK_TILED(pool)(layer, pixel, channel, p, 0, vectors, sums);
        }
    }
    if (!pools) { return; }
    CK_UNROLL for (int v = 0; v < vectors; v++) {
        CK_TILED(store)(layer->pooling->left + channel + v * CK_TILED(lanes), sums[pixels - 1][v]);
    }
}

CK_INLINE void CK_TILED(end)(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const CK_ELEMENT *from,
    ptrdiff_t stride, ptrdiff_t steps, const CK_ELEMENT *weights, int pixels, int vectors,
    CK_VECTOR (*sums)[3]
) {
    // As many steps as the registers left over by the sums hold weights for.
    const int last = CK_SPARE / vectors < 3 ? CK_SPARE / vectors : 3;
    if (steps < last) {
        CK_TILED(multiply)(from, stride, steps, weights, pixels, vectors, sums);
        CK_TILED(finish)(layer, pixel, channel, from, stride, weights, 0, pixels, vectors, 0, sums);
    } else {
        CK_TILED(multiply)(from, stride, steps - last, weights, pixels, vectors, sums);
        from += steps - last;
        weights += (steps - last) * vectors * CK_TILED(lanes);
        if (layer->pooling) {
            CK_TILED(finish)(
                layer, pixel, channel, from, stride, weights, last, pixels, vectors, 1, sums);
        } else {
            CK_TILED(finish)(
                layer, pixel, channel, from, stride, weights, last, pixels, vectors, 0, sums);
        }
    }
    if (layer->epilogue.activation == ck_sigmoid || layer->epilogue.scale) {
        // A half vector is processed as a whole one: the rest is padding.
        finish_tile(layer, pixel, pixels, channel, vectors * CK_TILED(lanes));
    }
}

CK_INLINE void CK_TILED(tile)(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const void *panel,
    const int32_t *packed, int pixels, int vectors
) {
    const CK_ELEMENT *weights = panel;
    CK_VECTOR sums[CK_TILE][3];
    CK_TILED(start)(layer, channel, pixels, vectors, sums);
#if CK_IS_LOWP
    ptrdiff_t steps = layer->lowp->steps;
    CK_TILED(end)(layer, pixel, channel, packed, steps, steps, weights, pixels, vectors, sums);
#else
    (void)packed;
    const ck_range *range = layer->ranges, *last = range + layer->range_count - 1;
    for (; range < last; range++) {
        const float *from = range->base + pixel * range->stride;
        CK_TILED(multiply)(from, range->stride, range->count, weights, pixels, vectors, sums);
        weights += range->count * vectors * CK_TILED(lanes);
    }
    CK_TILED(end)(
        layer, pixel, channel, range->base + pixel * range->stride, range->stride, range->count,
        weights, pixels, vectors, sums);
#endif
}

#undef CK_TILED
#undef CK_LOAD
#undef CK_VECTOR
#undef CK_INT_VECTOR
#undef CK_OPERAND
#undef CK_DOT
