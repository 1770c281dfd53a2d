// The first convolution, and the pooling that follows it, in one pass over strips of rows: the large map
// between them never exists.
//
// Each kernel row of an interleaved image is one range of kernel·channels adjacent floats, so a row of
// the convolution is a product with as many ranges as the kernel has rows.

static void stem_row(
    const ck_stem *layer, ptrdiff_t row, float *output, ptrdiff_t output_stride, const ck_fold *fold
) {
    ck_range ranges[longest_window];
    const ck_window *window = &layer->window;
    for (ptrdiff_t y = 0; y < window->kernel; y++) {
        ranges[y].base = layer->image + (row * window->stride + y) * layer->row_stride;
        ranges[y].stride = window->stride * layer->channels;
        ranges[y].count = window->kernel * layer->channels;
    }
    ck_pointwise product = {
        .ranges = ranges,
        .range_count = window->kernel,
        .weights = layer->weights,
        .narrowing = layer->narrowing,
        .bias = layer->bias,
        .halves = layer->halves,
        .output = output,
        .output_stride = output_stride,
        .activation = layer->activation,
        .fold = fold,
    };
    layer->product(&product, 0, window->output_width);
}

// Any pooling, from a ring of whole rows.
static void stem_pooled(const ck_stem *layer, float *scratch, ptrdiff_t first, ptrdiff_t last) {
    const ck_window *pooling = &layer->pooling;
    ptrdiff_t step = layer->halves * (CK_WIDTH / 2);
    ptrdiff_t made = 0;
    for (ptrdiff_t row = first; row < last; row++) {
        ptrdiff_t top = top_of(pooling, row);
        ptrdiff_t from = top + first_tap(top);
        ptrdiff_t to = top + last_tap(top, pooling->kernel, pooling->input_height);
        const float *lines[longest_window];
        for (ptrdiff_t y = from; y < to; y++) {
            float *line = scratch + (y % pooling->kernel) * pooling->input_width * step;
            // Rows of the strip before are still there.
            if (row == first || y >= made) { stem_row(layer, y, line, step, 0); }
            lines[y - from] = line;
        }
        made = to;
        maxpool_row(
            lines, to - from, step, pooling, step,
            layer->output + row * pooling->output_width * layer->output_stride,
            layer->output_stride);
    }
}

// A row that is pooled along itself while it is still in registers.
static void stem_folded_row(
    const ck_stem *layer, ptrdiff_t row, float *left, float *kept, const float *with, float *to
) {
    ptrdiff_t channels = layer->halves * (CK_WIDTH / 2);
    for (ptrdiff_t c = 0; c < channels; c++) { left[c] = -__builtin_inff(); }
    ck_fold fold = {.left = left, .kept = kept, .with = with};
    stem_row(layer, row, to, layer->output_stride, &fold);
}

// 3×3 pooling at stride 2: only the row that two pooled rows share is kept, pooled along itself.
static void stem_folded(const ck_stem *layer, float *scratch, ptrdiff_t first, ptrdiff_t last) {
    const ck_window *pooling = &layer->pooling;
    ptrdiff_t row_size = pooling->output_width * layer->output_stride;
    float *shared = scratch, *left = scratch + row_size;
    if (first > 0) { stem_folded_row(layer, 2 * first - 1, left, 0, 0, shared); }
    for (ptrdiff_t row = first; row < last; row++) {
        float *to = layer->output + row * row_size;
        stem_folded_row(layer, 2 * row, left, 0, row > 0 ? shared : 0, to);
        if (2 * row + 1 < pooling->input_height) {
            stem_folded_row(layer, 2 * row + 1, left, shared, to, to);
        }
    }
}

static void stem(const ck_stem *layer, float *scratch, ptrdiff_t first, ptrdiff_t last) {
    const ck_window *pooling = &layer->pooling;
    if (pooling->kernel == 3 && pooling->stride == 2 && pooling->padding == 1) {
        return stem_folded(layer, scratch, first, last);
    }
    if (pooling->kernel) { return stem_pooled(layer, scratch, first, last); }
    for (ptrdiff_t row = first; row < last; row++) {
        ptrdiff_t pixel = row * layer->window.output_width;
        stem_row(layer, row, layer->output + pixel * layer->output_stride, layer->output_stride, 0);
    }
}
