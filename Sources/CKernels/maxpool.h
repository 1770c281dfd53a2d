// Max pooling. Padding counts as −∞.

// Maximum over `count` lines of one column.
CK_INLINE vec column_maximum(const float *const *lines, ptrdiff_t count, ptrdiff_t place) {
    vec best = load(lines[0] + place);
    for (ptrdiff_t y = 1; y < count; y++) { best = greater_of(best, load(lines[y] + place)); }
    return best;
}

static vec any_maximum(
    const float *const *lines, ptrdiff_t count, ptrdiff_t stride, const ck_window *window,
    ptrdiff_t column, ptrdiff_t c
) {
    ptrdiff_t left = column * window->stride - window->padding;
    ptrdiff_t last = left + last_tap(left, window->kernel, window->input_width);
    vec best = splat(-__builtin_inff());
    for (ptrdiff_t x = left + first_tap(left); x < last; x++) {
        best = greater_of(best, column_maximum(lines, count, x * stride + c));
    }
    return best;
}

// Computes one row of outputs from the `count` lines under it. Neighbouring 3×3 windows at stride 2 share a column.
static void maxpool_row(
    const float *const *lines, ptrdiff_t count, ptrdiff_t stride, const ck_window *window,
    ptrdiff_t channels, float *output, ptrdiff_t output_stride
) {
    ptrdiff_t inner = 0;
    if (window->kernel == 3 && window->stride == 2 && window->padding == 1 && count == 3) {
        inner = window->input_width / 2;
    }
    for (ptrdiff_t c = 0; c < channels; c += CK_WIDTH) {
        vec shared = splat(-__builtin_inff());
        for (ptrdiff_t column = 0; column < inner; column++) {
            ptrdiff_t place = 2 * column * stride + c;
            vec middle = column_maximum(lines, 3, place);
            vec right = column_maximum(lines, 3, place + stride);
            store(output + column * output_stride + c, greater_of(greater_of(shared, middle), right));
            shared = right;
        }
        for (ptrdiff_t column = inner; column < window->output_width; column++) {
            store(
                output + column * output_stride + c,
                any_maximum(lines, count, stride, window, column, c));
        }
    }
}

enum { longest_window = 16 };

static void maxpool(const ck_maxpool *layer, ptrdiff_t first, ptrdiff_t last) {
    const ck_window *window = &layer->window;
    for (ptrdiff_t row = first; row < last; row++) {
        ptrdiff_t top = top_of(window, row);
        ptrdiff_t from = first_tap(top), to = last_tap(top, window->kernel, window->input_height);
        float *output = layer->output + row * window->output_width * layer->output_stride;
        for (ptrdiff_t r = 0; r < layer->range_count; r++) {
            const ck_range *range = &layer->ranges[r];
            const float *lines[longest_window];
            for (ptrdiff_t y = from; y < to; y++) {
                lines[y - from] = range->base + (top + y) * window->input_width * range->stride;
            }
            maxpool_row(
                lines, to - from, range->stride, window, range->count, output,
                layer->output_stride);
            output += range->count;
        }
    }
}
