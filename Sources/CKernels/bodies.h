// All kernels and their table, for the instruction set of the including file.
#include "vector.h"

#include "activation.h"

#include "tile_table.h"

#include "fma_throughput.h"

#include "pointwise.h"

#include "int8.h"

#include "depthwise.h"

#include "maxpool.h"

#include "stem.h"

#include "gather.h"

#include "region_pool.h"

#include "image.h"

void CK_FILL(ck_table *table) {
    *table = (ck_table){
        .name = CK_NAME,
        .width = CK_WIDTH,
        .padding = CK_PADDING,
        .pointwise = pointwise,
        .depthwise = depthwise,
        .maxpool = maxpool,
        .stem = stem,
        .average = average,
        .gather = gather,
        .region_pool = region_pool,
        .image = image,
        .fma_throughput = fma_throughput,
        .int8 = lowp_kernels,
    };
}
