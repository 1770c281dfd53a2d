// Copies of channels into another order, and global average pooling.

static void gather(const ck_gather *layer, ptrdiff_t first, ptrdiff_t last) {
    for (ptrdiff_t pixel = first; pixel < last; pixel++) {
        float *to = layer->output + pixel * layer->output_stride;
        ptrdiff_t source = layer->index ? layer->index[pixel] : pixel;
        for (ptrdiff_t r = 0; r < layer->range_count; r++) {
            const ck_range *range = &layer->ranges[r];
            const float *from = range->base + source * range->stride;
            for (ptrdiff_t c = 0; c < range->count; c++) { to[c] = from[c]; }
            to += range->count;
        }
    }
}

// The last vector of a range may extend into the channels of the next range, which then overwrites them.
static void average(const ck_average *layer) {
    float *to = layer->output;
    for (ptrdiff_t r = 0; r < layer->range_count; r++) {
        const ck_range *range = &layer->ranges[r];
        for (ptrdiff_t c = 0; c < range->count; c += CK_WIDTH) {
            vec sums[4] = {splat(0), splat(0), splat(0), splat(0)};
            for (ptrdiff_t p = 0; p < layer->pixels; p++) {
                sums[p % 4] += load(range->base + c + p * range->stride);
            }
            store(to + c, ((sums[0] + sums[1]) + (sums[2] + sums[3])) / (float)layer->pixels);
        }
        to += range->count;
    }
}
