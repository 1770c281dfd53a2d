// Convolutions of each channel by itself, 3×3 and 5×5 at strides 1 and 2, other windows one by one.
//
// Several outputs along a row share the inputs they overlap in; a vector holds adjacent channels.

// One place on a map for a run of outputs along a row.
typedef struct {
    const ck_depthwise *layer;
    const ck_range *range;
    // Position of the range's first channel among the outputs.
    ptrdiff_t channel;
    ptrdiff_t row, column;
    // Rows of the kernel that lie on the map.
    ptrdiff_t first_tap, last_tap;
} depthwise_place;

CK_INLINE ptrdiff_t top_of(const ck_window *window, ptrdiff_t row) {
    return row * window->stride - window->padding;
}

// The first and one past the last tap that lie on `size` places when the window starts at `start`.
CK_INLINE ptrdiff_t first_tap(ptrdiff_t start) { return start < 0 ? -start : 0; }

CK_INLINE ptrdiff_t last_tap(ptrdiff_t start, ptrdiff_t kernel, ptrdiff_t size) {
    return start + kernel > size ? size - start : kernel;
}

CK_INLINE vec depthwise_floor(const ck_depthwise *layer) {
    return splat(floor_of(layer->activation));
}

// One output, any window, any border.
static void depthwise_single(const depthwise_place *place) {
    const ck_depthwise *layer = place->layer;
    const ck_window *window = &layer->window;
    const ck_range *range = place->range;
    ptrdiff_t left = place->column * window->stride - window->padding;
    ptrdiff_t first = first_tap(left), last = last_tap(left, window->kernel, window->input_width);
    ptrdiff_t top = top_of(window, place->row);
    vec floor = depthwise_floor(layer);
    for (ptrdiff_t c = 0; c < range->count; c += CK_WIDTH) {
        vec sum = load(layer->bias + place->channel + c);
        for (ptrdiff_t y = place->first_tap; y < place->last_tap; y++) {
            const float *weights =
                layer->weights + y * window->kernel * layer->weight_stride + place->channel + c;
            const float *line = range->base + c
                + ((top + y) * window->input_width + left) * range->stride;
            for (ptrdiff_t x = first; x < last; x++) {
                sum += load(line + x * range->stride) * load(weights + x * layer->weight_stride);
            }
        }
        float *to = layer->output + place->channel + c
            + (place->row * window->output_width + place->column) * layer->output_stride;
        store(to, greater_of(floor, sum));
    }
}

// `outputs` adjacent outputs whose columns all lie on the map.
CK_INLINE void depthwise_run(
    const depthwise_place *place, int kernel, int stride, int outputs
) {
    const ck_depthwise *layer = place->layer;
    const ck_window *window = &layer->window;
    const ck_range *range = place->range;
    ptrdiff_t step = range->stride, weight_step = layer->weight_stride;
    ptrdiff_t line_step = window->input_width * step;
    ptrdiff_t left = place->column * stride - window->padding;
    const float *corner =
        range->base + (top_of(window, place->row) * window->input_width + left) * step;
    float *to = layer->output + place->channel
        + (place->row * window->output_width + place->column) * layer->output_stride;
    vec floor = depthwise_floor(layer);
    for (ptrdiff_t c = 0; c < range->count; c += CK_WIDTH) {
        vec sums[8];
        vec start = load(layer->bias + place->channel + c);
        CK_UNROLL for (int o = 0; o < outputs; o++) { sums[o] = start; }
        for (ptrdiff_t y = place->first_tap; y < place->last_tap; y++) {
            const float *weights = layer->weights + y * kernel * weight_step + place->channel + c;
            const float *line = corner + y * line_step + c;
            vec w[5];
            CK_UNROLL for (int x = 0; x < kernel; x++) { w[x] = load(weights + x * weight_step); }
            CK_UNROLL for (int i = 0; i < (outputs - 1) * stride + kernel; i++) {
                vec value = load(line);
                line += step;
                CK_UNROLL for (int x = 0; x < kernel; x++) {
                    if (i >= x && (i - x) % stride == 0 && (i - x) / stride < outputs) {
                        sums[(i - x) / stride] += value * w[x];
                    }
                }
            }
        }
        CK_UNROLL for (int o = 0; o < outputs; o++) {
            store(to + o * layer->output_stride + c, greater_of(floor, sums[o]));
        }
    }
}

#define CK_DEPTHWISE(kernel, stride)                                                              \
    static void depthwise_##kernel##_##stride(const depthwise_place *place) {                     \
        depthwise_run(place, kernel, stride, CK_RUN);                                             \
    }                                                                                             \
    static void depthwise_pair_##kernel##_##stride(const depthwise_place *place) {                \
        depthwise_run(place, kernel, stride, 2);                                                  \
    }

CK_DEPTHWISE(3, 1)
CK_DEPTHWISE(3, 2)
CK_DEPTHWISE(5, 1)
CK_DEPTHWISE(5, 2)

typedef void (*depthwise_function)(const depthwise_place *place);

CK_INLINE depthwise_function depthwise_pair(const ck_window *window) {
    if (window->kernel == 3 && window->stride == 1) { return depthwise_pair_3_1; }
    if (window->kernel == 3 && window->stride == 2) { return depthwise_pair_3_2; }
    if (window->kernel == 5 && window->stride == 1) { return depthwise_pair_5_1; }
    if (window->kernel == 5 && window->stride == 2) { return depthwise_pair_5_2; }
    return 0;
}

CK_INLINE depthwise_function depthwise_many(const ck_window *window) {
    if (window->kernel == 3 && window->stride == 1) { return depthwise_3_1; }
    if (window->kernel == 3 && window->stride == 2) { return depthwise_3_2; }
    if (window->kernel == 5 && window->stride == 1) { return depthwise_5_1; }
    if (window->kernel == 5 && window->stride == 2) { return depthwise_5_2; }
    return 0;
}

// One range of channels of one row.
static void depthwise_row(depthwise_place place) {
    const ck_window *window = &place.layer->window;
    // Columns whose whole window lies on the map.
    ptrdiff_t inner = (window->padding + window->stride - 1) / window->stride;
    ptrdiff_t room = window->input_width + window->padding - window->kernel;
    ptrdiff_t outer = room < 0 ? 0 : room / window->stride + 1;
    outer = outer < window->output_width ? outer : window->output_width;
    depthwise_function many = depthwise_many(window), pair = depthwise_pair(window);
    for (place.column = 0; place.column < window->output_width;) {
        ptrdiff_t left = place.column < inner ? 0 : outer - place.column;
        if (many && left >= CK_RUN) {
            many(&place);
            place.column += CK_RUN;
        } else if (pair && left >= 2) {
            pair(&place);
            place.column += 2;
        } else {
            depthwise_single(&place);
            place.column += 1;
        }
    }
}

// The last vector of a range may reach into the channels of the next, which then overwrites them.
static void depthwise(const ck_depthwise *layer, ptrdiff_t first, ptrdiff_t last) {
    for (ptrdiff_t row = first; row < last; row++) {
        ptrdiff_t top = top_of(&layer->window, row);
        depthwise_place place = {
            .layer = layer,
            .row = row,
            .first_tap = first_tap(top),
            .last_tap = last_tap(top, layer->window.kernel, layer->window.input_height),
        };
        for (ptrdiff_t r = 0; r < layer->range_count; r++) {
            place.range = &layer->ranges[r];
            depthwise_row(place);
            place.channel += layer->ranges[r].count;
        }
    }
}
