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
        .narrowing = layer->narrowing,
        .bias = layer->bias,
        .halves = layer->halves,
        .output = output,
        .output_stride = output_stride,
        .activation = layer->activation,
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

// One line pooled along itself by threes in steps of two, and by what stands in `with` (null: nothing).
static void fold_line(
    const float *line, ptrdiff_t channels, const ck_window *pooling, const float *with, float *to,
    ptrdiff_t to_stride
) {
    ptrdiff_t width = pooling->input_width;
    for (ptrdiff_t c = 0; c < channels; c += CK_WIDTH) {
        vec left = splat(-__builtin_inff());
        for (ptrdiff_t column = 0; column < pooling->output_width; column++) {
            ptrdiff_t place = column * to_stride + c;
            const float *middle = line + 2 * column * channels + c;
            vec best = greater_of(left, load(middle));
            if (2 * column + 1 < width) {
                left = load(middle + channels);
                best = greater_of(best, left);
            }
            store(to + place, with ? greater_of(best, load(with + place)) : best);
        }
    }
}

static void keep_greater(float *to, const float *from, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i += CK_WIDTH) {
        store(to + i, greater_of(load(to + i), load(from + i)));
    }
}

// 3×3 pooling at stride 2: each row of the convolution is pooled along itself while it is still in the
// first-level cache, and only the row that two pooled rows share is kept, pooled.
static void stem_folded(const ck_stem *layer, float *scratch, ptrdiff_t first, ptrdiff_t last) {
    const ck_window *pooling = &layer->pooling;
    ptrdiff_t step = layer->halves * (CK_WIDTH / 2), stride = layer->output_stride;
    float *line = scratch, *shared = scratch + pooling->input_width * step;
    for (ptrdiff_t row = first; row < last; row++) {
        float *to = layer->output + row * pooling->output_width * stride;
        if (row == first && row > 0) {
            stem_row(layer, 2 * row - 1, line, step);
            fold_line(line, step, pooling, 0, shared, stride);
        }
        stem_row(layer, 2 * row, line, step);
        fold_line(line, step, pooling, row > 0 ? shared : 0, to, stride);
        if (2 * row + 1 < pooling->input_height) {
            stem_row(layer, 2 * row + 1, line, step);
            fold_line(line, step, pooling, 0, shared, stride);
            keep_greater(to, shared, pooling->output_width * stride);
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
        stem_row(layer, row, layer->output + pixel * layer->output_stride, layer->output_stride);
    }
}
