#ifndef CTORCH_H
#define CTORCH_H

// Interface to libtorch: a table of C functions.
//
// A function that creates a tensor transfers ownership to the caller, who frees it with `release`. NULL or `false`
// indicates an error, and `error` then returns its message for this thread. No exception leaves the table. Maps are
// [images, channels, rows, columns], rows of values [rows, channels].

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ct_tensor ct_tensor;

// Element type of a tensor.
typedef enum ct_type { ct_float32, ct_float64, ct_bfloat16, ct_int64, ct_uint8 } ct_type;

// Method for a depthwise convolution and its gradients; the results are equal up to rounding.
typedef enum ct_depthwise {
    ct_depthwise_native,      // libtorch's own
    ct_depthwise_fast,        // gradients by kernels of this module, on processors
    ct_depthwise_per_channel, // one convolution per channel
    ct_depthwise_diagonal     // dense convolutions of 32 channels with a diagonal kernel (arXiv 1803.09926)
} ct_depthwise;

// Batch normalization: four values per channel.
typedef struct ct_norm {
    const ct_tensor *scale, *shift;
    ct_tensor *mean, *variance; // stored statistics; live ones update them
    double epsilon, momentum;   // momentum: weight of the new statistics
    bool is_live;               // true for statistics of the batch, false for stored ones
} ct_norm;

// Convolution with square kernel and optional fused normalization and ReLU.
typedef struct ct_convolution {
    const ct_tensor *weight;
    const ct_tensor *bias; // or NULL
    const ct_norm *norm;   // or NULL; a stored one is folded into the weight
    int stride, padding, groups;
    ct_depthwise depthwise; // used if groups equal the channels on both sides
    bool is_rectified;
} ct_convolution;

// Position-sensitive pooling of regions; see `RegionPool`.
typedef struct ct_region_pool {
    int bins, depth, samples, stride;
    bool is_aligned, is_maximum;
} ct_region_pool;

// Part of an image and its place in an input.
typedef struct ct_patch {
    int32_t input, image; // indices
    float mapping[4];     // from input to image: x' = a x + b, y' = c y + d
    int32_t area[4];      // in pixels of the input: left, top, width, height
    int32_t feather;      // width of the border that is blended with what lies below
} ct_patch;

typedef ct_tensor *const *ct_list;

typedef struct ct_face {
    // Library.
    const char *(*error)(void);
    const char *(*version)(void);
    const char *(*processor)(void); // vector instructions in use
    bool (*load_cuda)(void);        // loads libtorch_cuda.so from the folder of libtorch_cpu.so
    int (*devices)(void);           // number of CUDA devices
    void (*set_threads)(int count);
    int (*threads)(void);
    bool (*set_gradients)(bool recorded); // returns the previous setting
    void (*synchronize)(void);            // waits for CUDA

    // Tensors. A device is -1 for the CPU, else the index of a CUDA device.
    ct_tensor *(*from_bytes)(const void *bytes, ct_type, const int64_t *dims, int rank, int device);
    bool (*read_bytes)(const ct_tensor *, ct_type, void *into, int64_t count);
    void (*release)(ct_tensor *);
    int (*rank)(const ct_tensor *);
    void (*dims)(const ct_tensor *, int64_t *into);
    ct_type (*type)(const ct_tensor *);
    ct_tensor *(*as)(const ct_tensor *, ct_type, bool channels_last);
    ct_tensor *(*copy)(const ct_tensor *); // detached
    bool (*assign)(ct_tensor *to, const ct_tensor *from);

    // Gradients.
    bool (*require_gradient)(ct_tensor *, bool);
    ct_tensor *(*gradient)(const ct_tensor *); // NULL without an error if there is none
    bool (*backward)(const ct_tensor *scalar);
    bool (*clear_gradients)(ct_list, int count);

    // Layers.
    ct_tensor *(*convolution)(const ct_tensor *, const ct_convolution *);
    ct_tensor *(*normalize)(const ct_tensor *, const ct_norm *);
    ct_tensor *(*relu)(const ct_tensor *);
    ct_tensor *(*sigmoid)(const ct_tensor *);
    ct_tensor *(*max_pool)(const ct_tensor *, int kernel, int stride, int padding);
    ct_tensor *(*average_pool)(const ct_tensor *, int kernel, int stride, int padding);
    ct_tensor *(*global_average)(const ct_tensor *);
    ct_tensor *(*upsample)(const ct_tensor *, const ct_tensor *like);
    ct_tensor *(*shuffle)(const ct_tensor *, int groups);
    ct_tensor *(*interleave)(const ct_tensor *, const ct_tensor *); // concatenation, then shuffle of two groups
    bool (*halves)(const ct_tensor *, const ct_tensor *, ct_tensor *into[2]); // interleave, then split in half
    bool (*split)(const ct_tensor *, int64_t first, ct_tensor *into[2]); // channels before `first`, and the rest
    ct_tensor *(*dense)(const ct_tensor *, const ct_tensor *weight, const ct_tensor *bias);
    ct_tensor *(*region_pool)(const ct_tensor *map, const ct_tensor *regions, const ct_region_pool *);

    // Images, [images, rows, columns, 3]: 8-bit ones that are stored, float32 ones (0 to 255) that are drawn.
    ct_tensor *(*halve)(const ct_tensor *images);
    bool (*draw)( // patches of different inputs; `fill` is the color of points outside of an image
        ct_tensor *canvas, const ct_tensor *images, const ct_patch *, int count, const float fill[3]);
    ct_tensor *(*recolor)( // a matrix per input: rows for red, green, blue and 1, three outputs each
        const ct_tensor *canvas, const float *matrices, const float mean[3], const float deviation[3]);

    // Shape and indexing.
    ct_tensor *(*reshape)(const ct_tensor *, const int64_t *dims, int rank);
    ct_tensor *(*permute)(const ct_tensor *, const int64_t *order, int rank);
    ct_tensor *(*narrow)(const ct_tensor *, int dimension, int64_t first, int64_t count);
    ct_tensor *(*concatenate)(ct_list, int count, int dimension);
    ct_tensor *(*select)(const ct_tensor *, const ct_tensor *rows); // along the first dimension

    // Arithmetic with libtorch's broadcasting.
    ct_tensor *(*add)(const ct_tensor *, const ct_tensor *);
    ct_tensor *(*multiply)(const ct_tensor *, const ct_tensor *);
    ct_tensor *(*divide)(const ct_tensor *, const ct_tensor *);
    ct_tensor *(*minimum)(const ct_tensor *, const ct_tensor *);
    ct_tensor *(*maximum)(const ct_tensor *, const ct_tensor *);
    ct_tensor *(*exponential)(const ct_tensor *);
    ct_tensor *(*clamp)(const ct_tensor *, double low, double high);
    ct_tensor *(*affine)(const ct_tensor *, double factor, double offset);
    ct_tensor *(*sum)(const ct_tensor *);                      // of all elements
    ct_tensor *(*sum_last)(const ct_tensor *);                 // over the last dimension

    // Losses, one value per row or element.
    ct_tensor *(*binary_cross_entropy)(const ct_tensor *logits, const ct_tensor *targets);
    ct_tensor *(*cross_entropy)(const ct_tensor *logits, const ct_tensor *labels);
    ct_tensor *(*smooth_l1)(const ct_tensor *, const ct_tensor *targets, double beta);

    // Optimizers over lists of equal length; parameters without gradients are skipped. Gradients are multiplied by
    // `factor` first.
    double (*gradient_norm)(ct_list parameters, int count); // NaN on failure
    bool (*sgd)(
        ct_list parameters, ct_list momenta, int count, double rate, double momentum, double decay,
        double factor);
    bool (*adamw)(
        ct_list parameters, ct_list first, ct_list second, int count, double rate, const double betas[2],
        double epsilon, double decay, int64_t step, double factor);
    bool (*average)(ct_list averages, ct_list values, int count, double share); // share: weight of the new values
} ct_face;

// Returns the table, or NULL in a build without libtorch.
const ct_face *ct_open(void);

#ifdef __cplusplus
}
#endif
#endif
