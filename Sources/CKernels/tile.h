// A tile of a product: pixels × one panel of up to three pieces of outputs, kept in registers while the inputs
// pass by, 32 bits of each pixel a step; and what is done with it before it is stored.
//
// Included for each kind of numbers and each kind of pieces. Before: CK_KIND, the kind's name, CK_IS_NARROW and
// CK_IS_INTEGER; CK_PIECE, a vector or half of one, and CK_WHOLE, as many integers; CK_NUMBER, what 32 bits are read
// as, and CK_FACTOR, a piece of those; CK_DOT(sums, weights, inputs), which adds the products of a step; and with
// CK_LANES CK_DOT_LANE, which takes the inputs from one lane.

#define CK_TILED(name) CK_JOIN(CK_KIND, CK_JOIN(CK_PIECE, name))
#define CK_LOAD(type, from) (*(const CK_JOIN(packed, type) *)(from))

enum { CK_TILED(lanes) = sizeof(CK_PIECE) / sizeof(float) };

CK_INLINE CK_PIECE CK_TILED(bias)(const ck_pointwise *layer, ptrdiff_t place) {
    CK_PIECE bias = CK_LOAD(CK_PIECE, layer->bias + place);
    return layer->spread ? bias + CK_LOAD(CK_PIECE, layer->spread + place) : bias;
}

CK_INLINE void CK_TILED(start)(
    const ck_pointwise *layer, ptrdiff_t channel, int pixels, int pieces, CK_PIECE (*sums)[3]
) {
    CK_UNROLL for (int v = 0; v < pieces; v++) {
        ptrdiff_t place = channel + v * CK_TILED(lanes);
#if CK_IS_INTEGER
        // Whole sums start at what takes the inputs' zero point away again.
        CK_PIECE start = (CK_PIECE)CK_LOAD(CK_WHOLE, layer->narrowing->starts + place);
#else
        CK_PIECE start = CK_TILED(bias)(layer, place);
#endif
        CK_UNROLL for (int p = 0; p < pixels; p++) { sums[p][v] = start; }
    }
}

CK_INLINE void CK_TILED(multiply)(
    const CK_NUMBER *a, ptrdiff_t stride, ptrdiff_t steps, const CK_NUMBER *weights, int pixels,
    int pieces, CK_PIECE (*sums)[3]
) {
    // A base for every third pixel keeps the addresses within the registers.
    const CK_NUMBER *b = a + 3 * stride, *c = a + 6 * stride, *d = a + 9 * stride;
    ptrdiff_t s = 0;
#ifdef CK_LANES
    // As many steps as a vector has lanes: one load for each pixel serves them all.
    for (; s + CK_WIDTH <= steps; s += CK_WIDTH) {
        CK_FACTOR x[CK_TILE];
        CK_UNROLL for (int p = 0; p < pixels; p++) { x[p] = CK_LOAD(CK_FACTOR, a + p * stride + s); }
        CK_UNROLL for (int lane = 0; lane < CK_WIDTH; lane++) {
            CK_UNROLL for (int v = 0; v < pieces; v++) {
                CK_FACTOR w = CK_LOAD(CK_FACTOR, weights + v * CK_TILED(lanes));
                CK_UNROLL for (int p = 0; p < pixels; p++) {
                    sums[p][v] = CK_DOT_LANE(sums[p][v], w, x[p], lane);
                }
            }
            weights += pieces * CK_TILED(lanes);
        }
    }
#endif
    for (; s < steps; s++) {
        CK_FACTOR w[3];
        CK_UNROLL for (int v = 0; v < pieces; v++) {
            w[v] = CK_LOAD(CK_FACTOR, weights + v * CK_TILED(lanes));
        }
        ptrdiff_t at = s;
        CK_UNROLL for (int p = 0; p < pixels; p++) {
            const CK_NUMBER *base = p < 3 ? a : p < 6 ? b : p < 9 ? c : d;
            CK_FACTOR x = (CK_FACTOR)(base[(p % 3) * stride + at]);
            CK_UNROLL for (int v = 0; v < pieces; v++) {
                sums[p][v] = CK_DOT(sums[p][v], w[v], x);
                CK_SETTLE(sums[p][v], at);
            }
        }
        weights += pieces * CK_TILED(lanes);
    }
}

// What is stored of one pixel, before its activation.
CK_INLINE void CK_TILED(end_pixel)(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, int pieces, CK_PIECE *sums
) {
    ptrdiff_t index = layer->addend_index ? layer->addend_index[pixel] : pixel;
    CK_UNROLL for (int v = 0; v < pieces; v++) {
        ptrdiff_t place = channel + v * CK_TILED(lanes);
#if CK_IS_INTEGER
        // Whole sums become what the layer's numbers would have given, bias included.
        sums[v] = __builtin_convertvector((CK_WHOLE)sums[v], CK_PIECE)
                * CK_LOAD(CK_PIECE, layer->narrowing->scales + place)
            + CK_TILED(bias)(layer, place);
#endif
        if (layer->addend) {
            sums[v] += CK_LOAD(CK_PIECE, layer->addend + index * layer->addend_stride + place);
        }
    }
}

CK_INLINE void CK_TILED(store)(float *to, CK_PIECE value) {
    *(CK_JOIN(packed, CK_PIECE) *)to = value;
}

CK_INLINE CK_PIECE CK_TILED(greater)(CK_PIECE a, CK_PIECE b) { return a > b ? a : b; }

// The greatest of three pixels, or of two at the end of an odd row, held above the activation's floor.
CK_INLINE void CK_TILED(fold)(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, int p, int is_pair, int pieces,
    CK_PIECE (*sums)[3]
) {
    const ck_fold *fold = layer->fold;
    CK_PIECE floor = (CK_PIECE)(floor_of(layer->activation));
    ptrdiff_t place = (pixel + p) / 2 * layer->output_stride + channel;
    CK_UNROLL for (int v = 0; v < pieces; v++) {
        ptrdiff_t at = v * CK_TILED(lanes);
        CK_PIECE left = p ? sums[p ? p - 1 : 0][v] : CK_LOAD(CK_PIECE, fold->left + channel + at);
        CK_PIECE best = CK_TILED(greater)(floor, CK_TILED(greater)(left, sums[p][v]));
        if (is_pair) { best = CK_TILED(greater)(best, sums[p + is_pair][v]); }
        if (fold->kept) { CK_TILED(store)(fold->kept + place + at, best); }
        if (fold->with) {
            best = CK_TILED(greater)(best, CK_LOAD(CK_PIECE, fold->with + place + at));
        }
        CK_TILED(store)(layer->output + place + at, best);
    }
}

// The last steps go pixel by pixel, so that the first pixels are stored while others are still multiplied: stores
// are slow enough to hold up multiply-adds when they come all at once.
CK_INLINE void CK_TILED(finish)(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const CK_NUMBER *from,
    ptrdiff_t stride, const CK_NUMBER *weights, int steps, int pixels, int pieces, int folds,
    CK_PIECE (*sums)[3]
) {
    CK_FACTOR w[3][3];
    CK_PIECE floor = (CK_PIECE)(floor_of(layer->activation));
    float *to = layer->output + pixel * layer->output_stride + channel;
    CK_UNROLL for (int s = 0; s < steps; s++) {
        CK_UNROLL for (int v = 0; v < pieces; v++) {
            w[s][v] = CK_LOAD(CK_FACTOR, weights + (s * pieces + v) * CK_TILED(lanes));
        }
    }
    CK_UNROLL for (int p = 0; p < pixels; p++) {
        CK_UNROLL for (int s = 0; s < steps; s++) {
            CK_FACTOR x = (CK_FACTOR)(from[p * stride + s]);
            CK_UNROLL for (int v = 0; v < pieces; v++) {
                sums[p][v] = CK_DOT(sums[p][v], w[s][v], x);
            }
        }
        CK_TILED(end_pixel)(layer, pixel + p, channel, pieces, sums[p]);
        if (!folds) {
            CK_UNROLL for (int v = 0; v < pieces; v++) {
                CK_TILED(store)(to + v * CK_TILED(lanes), CK_TILED(greater)(floor, sums[p][v]));
            }
            to += layer->output_stride;
        } else if (p % 2) {
            CK_TILED(fold)(layer, pixel, channel, p - 1, 1, pieces, sums);
        } else if (p + 1 == pixels) {
            CK_TILED(fold)(layer, pixel, channel, p, 0, pieces, sums);
        }
    }
    if (!folds) { return; }
    CK_UNROLL for (int v = 0; v < pieces; v++) {
        CK_TILED(store)(layer->fold->left + channel + v * CK_TILED(lanes), sums[pixels - 1][v]);
    }
}

CK_INLINE void CK_TILED(end)(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const CK_NUMBER *from,
    ptrdiff_t stride, ptrdiff_t steps, const CK_NUMBER *weights, int pixels, int pieces,
    CK_PIECE (*sums)[3]
) {
    // As many as the registers that the sums leave hold weights for.
    const int last = CK_SPARE / pieces < 3 ? CK_SPARE / pieces : 3;
    if (steps < last) {
        CK_TILED(multiply)(from, stride, steps, weights, pixels, pieces, sums);
        CK_TILED(finish)(layer, pixel, channel, from, stride, weights, 0, pixels, pieces, 0, sums);
    } else {
        CK_TILED(multiply)(from, stride, steps - last, weights, pixels, pieces, sums);
        from += steps - last;
        weights += (steps - last) * pieces * CK_TILED(lanes);
        if (layer->fold) {
            CK_TILED(finish)(
                layer, pixel, channel, from, stride, weights, last, pixels, pieces, 1, sums);
        } else {
            CK_TILED(finish)(
                layer, pixel, channel, from, stride, weights, last, pixels, pieces, 0, sums);
        }
    }
    if (layer->activation == ck_sigmoid || layer->factor) {
        // A half vector is finished as a whole one: what follows in its pixel is padding.
        finish_tile(layer, pixel, pixels, channel, pieces * CK_TILED(lanes));
    }
}

CK_INLINE void CK_TILED(tile)(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const void *panel,
    const int32_t *packed, int pixels, int pieces
) {
    const CK_NUMBER *weights = panel;
    CK_PIECE sums[CK_TILE][3];
    CK_TILED(start)(layer, channel, pixels, pieces, sums);
#if CK_IS_NARROW
    ptrdiff_t steps = layer->narrowing->steps;
    CK_TILED(end)(layer, pixel, channel, packed, steps, steps, weights, pixels, pieces, sums);
#else
    (void)packed;
    const ck_range *range = layer->ranges, *last = range + layer->range_count - 1;
    for (; range < last; range++) {
        const float *from = range->base + pixel * range->stride;
        CK_TILED(multiply)(from, range->stride, range->count, weights, pixels, pieces, sums);
        weights += range->count * pieces * CK_TILED(lanes);
    }
    CK_TILED(end)(
        layer, pixel, channel, range->base + pixel * range->stride, range->stride, range->count,
        weights, pixels, pieces, sums);
#endif
}

#undef CK_TILED
#undef CK_LOAD
#undef CK_PIECE
#undef CK_WHOLE
#undef CK_FACTOR
#undef CK_DOT
