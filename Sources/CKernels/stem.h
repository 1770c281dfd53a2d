// The first convolution fused with the max pooling that follows it, in one pass over strips of rows: the large map
// between them is never stored.
//
// Each kernel row of an interleaved image is one range of kernel·channels adjacent floats, so a row of the convolution
// is a GEMM with as many ranges as the kernel has rows.

static void stem_row(
    const ck_stem *layer, ptrdiff_t row, float *output, ptrdiff_t output_stride,
    const ck_row_pooling *pooling
) {
    ck_range ranges[longest_window];
    const ck_window *window = &layer->window;
    for (ptrdiff_t y = 0; y < window->kernel; y++) {
        ranges[y].base = layer->image + (row * window->stride + y) * layer->row_stride;
        ranges[y].stride = window->stride * layer->channels;
        ranges[y].count = window->kernel * layer->channels;
    }
    ck_pointwise pointwise = {
        .ranges = ranges,
        .range_count = window->kernel,
        .weights = layer->weights,
        .lowp = layer->lowp,
        .epilogue = layer->epilogue,
        .half_vectors = layer->half_vectors,
        .output = output,
        .output_stride = output_stride,
        .pooling = pooling,
    };
    layer->gemm(&pointwise, 0, window->output_width);
}

// Computes any pooling from a ring of whole rows.
static void stem_pooled(const ck_stem *layer, float *scratch, ptrdiff_t first, ptrdiff_t last) {
    const ck_window *pooling = &layer->pooling;
    ptrdiff_t step = layer->half_vectors * (CK_WIDTH / 2);
    ptrdiff_t made = 0;
    for (ptrdiff_t row = first; row < last; row++) {
        ptrdiff_t top = top_of(pooling, row);
        ptrdiff_t from = top + first_tap(top);
        ptrdiff_t to = top + last_tap(top, pooling->kernel, pooling->input_height);
        const float *lines[longest_window];
        for (ptrdiff_t y = from; y < to; y++) {
            float *line = scratch + (y % pooling->kernel) * pooling->input_width * step;
            // Rows of the previous strip are still valid.
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

// Computes one row of the convolution and pools it horizontally while it is in registers.
static void stem_fused_row(
    const ck_stem *layer, ptrdiff_t row, float *left, float *copy, const float *merged, float *to
) {
    ptrdiff_t channels = layer->half_vectors * (CK_WIDTH / 2);
    for (ptrdiff_t c = 0; c < channels; c++) { left[c] = -__builtin_inff(); }
    ck_row_pooling pooling = {.left = left, .copy = copy, .merged = merged};
    stem_row(layer, row, to, layer->output_stride, &pooling);
}

// Computes 3×3 pooling at stride 2. Only the row shared by two pooled rows is kept, already pooled horizontally.
static void stem_fused(const ck_stem *layer, float *scratch, ptrdiff_t first, ptrdiff_t last) {
    const ck_window *pooling = &layer->pooling;
    ptrdiff_t row_size = pooling->output_width * layer->output_stride;
    float *shared = scratch, *left = scratch + row_size;
    if (first > 0) { stem_fused_row(layer, 2 * first - 1, left, 0, 0, shared); }
    for (ptrdiff_t row = first; row < last; row++) {
        float *to = layer->output + row * row_size;
        stem_fused_row(layer, 2 * row, left, 0, row > 0 ? shared : 0, to);
        if (2 * row + 1 < pooling->input_height) {
            stem_fused_row(layer, 2 * row + 1, left, shared, to, to);
        }
    }
}

static void stem(const ck_stem *layer, float *scratch, ptrdiff_t first, ptrdiff_t last) {
    const ck_window *pooling = &layer->pooling;
    if (pooling->kernel == 3 && pooling->stride == 2 && pooling->padding == 1) {
        return stem_fused(layer, scratch, first, last);
    }
    if (pooling->kernel) { return stem_pooled(layer, scratch, first, last); }
    for (ptrdiff_t row = first; row < last; row++) {
        ptrdiff_t pixel = row * layer->window.output_width;
        stem_row(layer, row, layer->output + pixel * layer->output_stride, layer->output_stride, 0);
    }
}
