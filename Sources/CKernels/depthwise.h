// Depthwise convolutions: 3×3 and 5×5 at strides 1 and 2 in runs of outputs, other windows one output at a time.
//
// Outputs of a run share the inputs under overlapping windows. A vector holds adjacent channels.

// Position of a run of outputs along a row.
typedef struct {
    const ck_depthwise *layer;
    const ck_range *range;
    // Output channel of the range's first channel.
    ptrdiff_t channel;
    ptrdiff_t row, column;
    // Kernel rows that overlap the map.
    ptrdiff_t first_tap, last_tap;
} depthwise_place;

CK_INLINE ptrdiff_t top_of(const ck_window *window, ptrdiff_t row) {
    return row * window->stride - window->padding;
}

// First tap, and end of the taps, inside a map of `size` positions for a window that starts at `start`.
CK_INLINE ptrdiff_t first_tap(ptrdiff_t start) { return start < 0 ? -start : 0; }

CK_INLINE ptrdiff_t last_tap(ptrdiff_t start, ptrdiff_t kernel, ptrdiff_t size) {
    return start + kernel > size ? size - start : kernel;
}

CK_INLINE vec depthwise_floor(const ck_depthwise *layer) {
    return splat(floor_of(layer->activation));
}

// Computes one output, for any window and border.
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

// Computes `outputs` adjacent outputs. Unless `bordered`, all columns of their windows are inside the map.
CK_INLINE void depthwise_run(
    const depthwise_place *place, int kernel, int stride, int outputs, int bordered
) {
    const ck_depthwise *layer = place->layer;
    const ck_window *window = &layer->window;
    const ck_range *range = place->range;
    ptrdiff_t step = range->stride, weight_step = layer->weight_stride;
    ptrdiff_t line_step = window->input_width * step;
    ptrdiff_t left = place->column * stride - window->padding;
    ptrdiff_t right = window->input_width - left;
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
                if (bordered && (i < -left || i >= right)) { continue; }
                vec value = load(line + i * step);
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

typedef void (*depthwise_function)(const depthwise_place *place);

#define CK_DEPTHWISE(kernel, stride, outputs)                                                     \
    static void depthwise_##kernel##_##stride##_##outputs(const depthwise_place *place) {         \
        depthwise_run(place, kernel, stride, outputs, 0);                                         \
    }                                                                                             \
    static void bordered_##kernel##_##stride##_##outputs(const depthwise_place *place) {          \
        depthwise_run(place, kernel, stride, outputs, 1);                                         \
    }

#define CK_DEPTHWISE_RUNS(kernel, stride)                                                         \
    CK_DEPTHWISE(kernel, stride, 8)                                                               \
    CK_DEPTHWISE(kernel, stride, 4)                                                               \
    CK_DEPTHWISE(kernel, stride, 2)
#define CK_RUN_NAMES(kernel, stride)                                                              \
    {                                                                                             \
        {depthwise_##kernel##_##stride##_2, bordered_##kernel##_##stride##_2},                    \
        {depthwise_##kernel##_##stride##_4, bordered_##kernel##_##stride##_4},                    \
        {depthwise_##kernel##_##stride##_8, bordered_##kernel##_##stride##_8},                    \
    }

// Eight sums hide the latency of two multiply-adds per cycle, and fit sixteen registers along with five weights.
enum { run_lengths = 3 };

CK_DEPTHWISE_RUNS(3, 1)
CK_DEPTHWISE_RUNS(3, 2)
CK_DEPTHWISE_RUNS(5, 1)
CK_DEPTHWISE_RUNS(5, 2)

// Runs of 2, 4 and 8 outputs: inside the map, and at its borders.
typedef const depthwise_function (*run_table)[2];
static const depthwise_function runs_3_1[run_lengths][2] = CK_RUN_NAMES(3, 1);
static const depthwise_function runs_3_2[run_lengths][2] = CK_RUN_NAMES(3, 2);
static const depthwise_function runs_5_1[run_lengths][2] = CK_RUN_NAMES(5, 1);
static const depthwise_function runs_5_2[run_lengths][2] = CK_RUN_NAMES(5, 2);

static run_table depthwise_runs(const ck_window *window) {
    if (window->kernel == 3 && window->stride == 1) { return runs_3_1; }
    if (window->kernel == 3 && window->stride == 2) { return runs_3_2; }
    if (window->kernel == 5 && window->stride == 1) { return runs_5_1; }
    if (window->kernel == 5 && window->stride == 2) { return runs_5_2; }
    return 0;
}

// Computes one column of runs. Each row finds most of its inputs in the L1 cache, loaded by the row before.
static void depthwise_column(
    depthwise_place place, depthwise_function run, ptrdiff_t first, ptrdiff_t last
) {
    const ck_window *window = &place.layer->window;
    for (place.row = first; place.row < last; place.row++) {
        ptrdiff_t top = top_of(window, place.row);
        place.first_tap = first_tap(top);
        place.last_tap = last_tap(top, window->kernel, window->input_height);
        run(&place);
    }
}

// Computes one range of channels, in the longest runs that fit.
static void depthwise_range(
    depthwise_place place, run_table runs, ptrdiff_t first, ptrdiff_t last
) {
    const ck_window *window = &place.layer->window;
    for (place.column = 0; place.column < window->output_width;) {
        ptrdiff_t left = place.column * window->stride - window->padding;
        int length = runs ? run_lengths : 0;
        while (length > 0 && place.column + (1 << length) > window->output_width) { length--; }
        ptrdiff_t reach = left + ((1 << length) - 1) * window->stride + window->kernel;
        int bordered = left < 0 || reach > window->input_width;
        depthwise_function run = length ? runs[length - 1][bordered] : depthwise_single;
        depthwise_column(place, run, first, last);
        place.column += 1 << length;
    }
}

// The last vector of a range may extend into the channels of the next range, which then overwrites them.
static void depthwise(const ck_depthwise *layer, ptrdiff_t first, ptrdiff_t last) {
    run_table runs = depthwise_runs(&layer->window);
    depthwise_place place = {.layer = layer};
    for (ptrdiff_t r = 0; r < layer->range_count; r++) {
        place.range = &layer->ranges[r];
        depthwise_range(place, runs, first, last);
        place.channel += layer->ranges[r].count;
    }
}
