// All kernels, for the instruction set of the file that includes this one, and their table.
#include "vector.h"

#include "activation.h"

#include "tile_table.h"

#include "peak.h"

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
        .peak = peak,
        .int8 = narrow_kernels,
    };
}
