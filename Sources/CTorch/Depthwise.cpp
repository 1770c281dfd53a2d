// Depthwise convolutions by four methods.

#ifdef CTORCH_ENABLED

#include "Common.h"

#include <ATen/Parallel.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cstring>

namespace ct {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Gradient of a 3x3 kernel at stride 1, which oneDNN computes fast.
static at::Tensor kernel_gradient(const at::Tensor &x, const at::Tensor &gradient, int64_t padding) {
    int64_t channels = x.size(1);
    auto weight = at::empty({channels, 1, 3, 3}, x.options());
    return std::get<1>(at::convolution_backward(
        gradient, x, weight, c10::nullopt, {1, 1}, at::IntArrayRef{padding, padding}, {1, 1}, false, {0, 0},
        channels, {false, true, false}));
}

// Map shifted by `row` and `column`, each 0 to 2, in a zero border of two: [n, c, h + 2, w + 2]. Rows are contiguous,
// so this copies whole rows of bytes, which is several times as fast as padding and slicing.
static at::Tensor moved(const at::Tensor &x, int64_t row, int64_t column) {
    int64_t n = x.size(0), c = x.size(1), h = x.size(2), w = x.size(3);
    auto format = at::MemoryFormat::ChannelsLast;
    auto result = at::empty({n, c, h + 2, w + 2}, x.options().memory_format(format));
    int64_t pixel = c * x.element_size(), before = (2 - column) * pixel, after = column * pixel;
    auto from = static_cast<const char *>(x.data_ptr());
    auto to = static_cast<char *>(result.data_ptr());
    at::parallel_for(0, n * (h + 2), 16, [=](int64_t first, int64_t last) {
        for (int64_t place = first; place < last; place++) {
            char *out = to + place * (w + 2) * pixel;
            int64_t y = place % (h + 2) + row - 2;
            if (y < 0 || y >= h) {
                std::memset(out, 0, (w + 2) * pixel);
                continue;
            }
            const char *in = from + (place / (h + 2) * h + y) * w * pixel;
            std::memset(out, 0, before);
            std::memcpy(out + before, in, w * pixel);
            std::memset(out + (w + 2) * pixel - after, 0, after);
        }
    });
    return result;
}

// Converts a gradient of stride 2 to stride 1 by inserting zeros.
static at::Tensor spread(const at::Tensor &gradient, const at::Tensor &x) {
    auto format = at::MemoryFormat::ChannelsLast;
    auto result = at::zeros(x.sizes(), x.options().memory_format(format));
    result.slice(2, 0, x.size(2), 2).slice(3, 0, x.size(3), 2).copy_(gradient);
    return result;
}

// Kernels of size 3 or 5, stride 1 or 2, padding half the kernel. The backward pass uses only operations that oneDNN
// computes fast in bfloat16: the gradient of the input is a forward convolution with the rotated kernel; the gradient
// of a 5x5 kernel is composed of four 3x3 gradients over shifted parts of the padded input.
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

    static at::Tensor weight_gradient(const at::Tensor &x, const at::Tensor &gradient, int64_t side) {
        if (side == 3) return kernel_gradient(x, gradient, 1);
        auto result = at::empty({x.size(1), 1, 5, 5}, x.options());
        auto format = at::MemoryFormat::ChannelsLast;
        auto whole = x.contiguous(format);
        bool is_near = x.device().is_cpu();
        auto padded = is_near ? whole : at::constant_pad_nd(x, {2, 2, 2, 2});
        for (int64_t row : {0, 2}) {
            for (int64_t column : {0, 2}) {
                auto part = is_near ? moved(whole, row, column)
                                    : padded.slice(2, row, row + x.size(2) + 2)
                                          .slice(3, column, column + x.size(3) + 2)
                                          .contiguous(format);
                result.slice(2, row, row + 3)
                    .slice(3, column, column + 3)
                    .copy_(kernel_gradient(part, gradient, 0));
            }
        }
        return result;
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        at::NoGradGuard off;
        auto saved = context->get_saved_variables();
        auto x = saved[0], kernel = saved[1];
        auto type = at::ScalarType(context->saved_data["type"].toInt());
        int64_t channels = kernel.size(0), side = kernel.size(2);
        auto gradient = gradients[0].to(x.scalar_type()).contiguous(at::MemoryFormat::ChannelsLast);
        at::Tensor shift;
        if (context->needs_input_grad(2)) shift = gradient.sum({0, 2, 3}, false, type);
        if (context->saved_data["stride"].toInt() == 2) gradient = spread(gradient, x);
        at::Tensor input;
        if (context->needs_input_grad(0)) {
            input = at::conv2d(
                gradient, kernel.flip({2, 3}), {}, {1, 1}, at::IntArrayRef{side / 2, side / 2}, {1, 1}, channels);
        }
        return {input, weight_gradient(x, gradient, side).to(type), shift, at::Tensor()};
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
