// Depthwise convolutions by four methods.

#ifdef CTORCH_ENABLED

#include "Common.h"

#include <ATen/Parallel.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

namespace ct {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Shape of a depthwise convolution with padding of half the kernel.
struct DepthwiseShape {
    int64_t rows, columns, out_rows, out_columns, channels, side, stride;
};

// Maps of a batch, channels last, and what is computed from them.
template <class Element>
struct DepthwiseMaps {
    const Element *x, *gradient;
    const float *kernel; // [side * side, channels]
    Element *input;      // gradient of `x`, or null
    float *weight;       // gradient of the kernel by image: [images, side * side, channels]
    float *bias;         // gradient of the bias by image: [images, channels]
};

typedef uint16_t bfloat;

#if defined(__x86_64__)
namespace avx512 {
#define LANES 16
#define ROWS_AT_ONCE 5
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#include "DepthwiseKernels.inc"
#pragma clang attribute pop
#undef LANES
#undef ROWS_AT_ONCE
} // namespace avx512

namespace avx2 {
#define LANES 8
#define ROWS_AT_ONCE 1
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "DepthwiseKernels.inc"
#pragma clang attribute pop
#undef LANES
#undef ROWS_AT_ONCE
} // namespace avx2
#endif

namespace portable {
#define LANES 4
#define ROWS_AT_ONCE 1
#include "DepthwiseKernels.inc"
} // namespace portable

template <class Element>
static void gradients(const DepthwiseShape &shape, const DepthwiseMaps<Element> &maps, int64_t first, int64_t last) {
#if defined(__x86_64__)
    static const bool has_avx512 = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl");
    static const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (has_avx512) return avx512::gradients(shape, maps, first, last);
    if (has_avx2) return avx2::gradients(shape, maps, first, last);
#endif
    portable::gradients(shape, maps, first, last);
}

// Gradients of input, weight and bias in the types of the arguments.
template <class Element>
static variable_list gradients(
    const at::Tensor &x, const at::Tensor &gradient, const at::Tensor &weight, int64_t stride, bool needs_input) {
    int64_t images = x.size(0), channels = x.size(1), side = weight.size(2), taps = side * side;
    DepthwiseShape shape = {x.size(2), x.size(3), gradient.size(2), gradient.size(3), channels, side, stride};
    auto kernel = weight.to(at::kFloat).reshape({channels, taps}).t().contiguous();
    auto input = needs_input ? at::empty_like(x) : at::Tensor();
    auto by_image = at::empty({images, taps + 1, channels}, kernel.options());
    auto sums = by_image.data_ptr<float>();
    // Kernel rows of all images first, then their bias.
    DepthwiseMaps<Element> maps = {
        static_cast<const Element *>(x.data_ptr()), static_cast<const Element *>(gradient.data_ptr()),
        kernel.data_ptr<float>(), needs_input ? static_cast<Element *>(input.data_ptr()) : nullptr, sums,
        sums + images * taps * channels};
    at::parallel_for(0, images, 1, [&](int64_t first, int64_t last) { gradients(shape, maps, first, last); });
    auto flat = by_image.view({-1});
    auto kernels = flat.narrow(0, 0, images * taps * channels).view({images, taps, channels});
    auto biases = flat.narrow(0, images * taps * channels, images * channels).view({images, channels});
    return {input, kernels.sum(0).t().reshape(weight.sizes()), biases.sum(0)};
}

// Kernels of 3 or 5, stride 1 or 2, padding half the kernel: forward by libtorch, backward by kernels of ours where
// they exist. libtorch's own gradients take 20 to 75 times as long as its forward in bfloat16.
struct FastDepthwise : torch::autograd::Function<FastDepthwise> {
    static at::Tensor forward(
        AutogradContext *context, const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias,
        int64_t stride) {
        at::AutoDispatchBelowADInplaceOrView below;
        auto kernel = weight.to(x.scalar_type());
        context->save_for_backward({x, kernel});
        context->saved_data["stride"] = stride;
        context->saved_data["type"] = int64_t(weight.scalar_type());
        int64_t padding = weight.size(2) / 2;
        auto shift = bias.defined() ? bias.to(x.scalar_type()) : bias;
        return at::conv2d(
            x, kernel, shift, {stride, stride}, at::IntArrayRef{padding, padding}, {1, 1}, weight.size(0));
    }

    static variable_list backward(AutogradContext *context, variable_list upstream) {
        at::NoGradGuard off;
        auto saved = context->get_saved_variables();
        auto format = at::MemoryFormat::ChannelsLast;
        auto x = saved[0].contiguous(format), kernel = saved[1];
        auto type = at::ScalarType(context->saved_data["type"].toInt());
        int64_t stride = context->saved_data["stride"].toInt();
        auto gradient = upstream[0].to(x.scalar_type()).contiguous(format);
        bool needs_input = context->needs_input_grad(0);
        bool fits = x.device().is_cpu() && x.size(1) >= 16;
        variable_list found;
        if (fits && x.scalar_type() == at::kBFloat16) {
            found = gradients<bfloat>(x, gradient, kernel, stride, needs_input);
        } else if (fits && x.scalar_type() == at::kFloat) {
            found = gradients<float>(x, gradient, kernel, stride, needs_input);
        } else {
            int64_t padding = kernel.size(2) / 2;
            auto [input, weight, bias] = at::convolution_backward(
                gradient, x, kernel, at::IntArrayRef{kernel.size(0)}, {stride, stride},
                at::IntArrayRef{padding, padding}, {1, 1}, false, {0, 0}, kernel.size(0),
                {needs_input, true, true});
            found = {input, weight, bias};
        }
        return {found[0], found[1].to(type), found[2].to(type), at::Tensor()};
    }
};

static at::Tensor per_channel(
    const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias, int64_t stride, int64_t padding) {
    std::vector<at::Tensor> maps;
    for (int64_t channel = 0; channel < x.size(1); channel++) {
        auto shift = bias.defined() ? bias.narrow(0, channel, 1) : bias;
        maps.push_back(at::conv2d(
            x.narrow(1, channel, 1), weight.narrow(0, channel, 1), shift, {stride, stride},
            at::IntArrayRef{padding, padding}));
    }
    return at::cat(maps, 1);
}

// Greatest divisor of the number of channels that is at most 32.
static int64_t chunk_of(int64_t channels) {
    int64_t chunk = std::min<int64_t>(channels, 32);
    while (channels % chunk != 0) chunk--;
    return chunk;
}

static at::Tensor diagonal(
    const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias, int64_t stride, int64_t padding) {
    int64_t channels = weight.size(0), chunk = chunk_of(channels), side = weight.size(2);
    // [channels, 1, k, k] times a repeated identity matrix: [channels, chunk, k, k] with one diagonal per chunk.
    auto unit = at::eye(chunk, weight.options()).repeat({channels / chunk, 1});
    auto dense = weight * unit.view({channels, chunk, 1, 1});
    TORCH_CHECK(dense.size(3) == side, "the kernel must be square");
    return at::conv2d(
        x, dense, bias, {stride, stride}, at::IntArrayRef{padding, padding}, {1, 1}, channels / chunk);
}

at::Tensor depthwise(
    ct_depthwise way, const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias, int64_t stride,
    int64_t padding) {
    int64_t side = weight.size(2);
    bool fits = (side == 3 || side == 5) && padding == side / 2 && (stride == 1 || stride == 2);
    if (way == ct_depthwise_fast && fits) {
        // Autograd functions take no undefined tensors; with live statistics the convolution has no bias.
        auto shift = bias.defined() ? bias : at::zeros({weight.size(0)}, weight.options());
        return FastDepthwise::apply(x, weight, shift, stride);
    }
    auto kernel = weight.to(x.scalar_type());
    auto shift = bias.defined() ? bias.to(x.scalar_type()) : bias;
    if (way == ct_depthwise_per_channel) return per_channel(x, kernel, shift, stride, padding);
    if (way == ct_depthwise_diagonal) return diagonal(x, kernel, shift, stride, padding);
    return at::conv2d(
        x, kernel, shift, {stride, stride}, at::IntArrayRef{padding, padding}, {1, 1}, weight.size(0));
}

} // namespace ct

#endif
