// The first convolution, and the pooling that follows it, in one pass over strips of rows: the large map
// between them never exists.
//
// Each kernel row of an interleaved image is one range of kernel·channels adjacent floats, so a row of
// the convolution is a product with as many ranges as the kernel has rows.

static void stem_row(const ck_stem *layer, ptrdiff_t row, float *output, ptrdiff_t output_stride) {
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
        .bias = layer->bias,
        .halves = layer->halves,
        .output = output,
        .output_stride = output_stride,
        .activation = layer->activation,
    };
    pointwise(&product, 0, window->output_width);
}

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
            if (row == first || y >= made) { stem_row(layer, y, line, step); }
            lines[y - from] = line;
        }
        made = to;
        maxpool_row(
            lines, to - from, step, pooling, step,
            layer->output + row * pooling->output_width * layer->output_stride,
            layer->output_stride);
    }
}

static void stem(const ck_stem *layer, float *scratch, ptrdiff_t first, ptrdiff_t last) {
    if (layer->pooling.kernel) { return stem_pooled(layer, scratch, first, last); }
    for (ptrdiff_t row = first; row < last; row++) {
        ptrdiff_t pixel = row * layer->window.output_width;
        stem_row(layer, row, layer->output + pixel * layer->output_stride, layer->output_stride);
    }
}
