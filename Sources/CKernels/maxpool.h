// The greatest value in each window. Padding never wins.

// One row of outputs from lines that start at `lines[0 ..< count]`.
static void maxpool_row(
    const float *const *lines, ptrdiff_t count, ptrdiff_t stride, const ck_window *window,
    ptrdiff_t channels, float *output, ptrdiff_t output_stride
) {
    for (ptrdiff_t column = 0; column < window->output_width; column++) {
        ptrdiff_t left = column * window->stride - window->padding;
        ptrdiff_t first = left + first_tap(left);
        ptrdiff_t last = left + last_tap(left, window->kernel, window->input_width);
        for (ptrdiff_t c = 0; c < channels; c += CK_WIDTH) {
            vec best = splat(-__builtin_inff());
            for (ptrdiff_t y = 0; y < count; y++) {
                for (ptrdiff_t x = first; x < last; x++) {
                    best = greater_of(best, load(lines[y] + x * stride + c));
                }
            }
            store(output + column * output_stride + c, best);
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
