// GEMM in float32: 1×1 convolutions, dense layers, and the rows of the stem.

#define CK_KIND float32
#define CK_IS_LOWP 0
#define CK_IS_INTEGER 0
#define CK_ELEMENT float
#define CK_DOT_LANE(sums, w, x, lane) ((sums) + (w) * splat((x)[lane]))

#define CK_VECTOR vec
#define CK_INT_VECTOR ivec
#define CK_OPERAND vec
#define CK_DOT(sums, w, x) ((sums) + (w) * (x))
#include "tile.h"

#if CK_PADDING < CK_WIDTH
#define CK_VECTOR half_vec
#define CK_INT_VECTOR half_ivec
#define CK_OPERAND half_vec
#define CK_DOT(sums, w, x) ((sums) + (w) * (x))
#include "tile.h"
#endif

#undef CK_KIND
#undef CK_IS_LOWP
#undef CK_IS_INTEGER
#undef CK_ELEMENT
#undef CK_DOT_LANE

CK_TILE_TABLE(float32)

// Loops over panels outside and tiles inside: a panel of weights stays in the L1 cache.
static void pointwise(const ck_pointwise *layer, ptrdiff_t first, ptrdiff_t last) {
    ptrdiff_t inputs = 0;
    for (ptrdiff_t r = 0; r < layer->range_count; r++) { inputs += layer->ranges[r].count; }
    const float *weights = layer->weights;
    for (ptrdiff_t done = 0; done < layer->half_vectors;) {
        ptrdiff_t panel = ck_panel(layer->half_vectors - done);
        ptrdiff_t largest = largest_tile[panel];
        for (ptrdiff_t pixel = first; pixel < last; pixel += largest) {
            ptrdiff_t pixels = last - pixel < largest ? last - pixel : largest;
            float32_tiles[panel][pixels](layer, pixel, done * (CK_WIDTH / 2), weights, 0);
        }
        weights += inputs * panel * (CK_WIDTH / 2);
        done += panel;
    }
}
