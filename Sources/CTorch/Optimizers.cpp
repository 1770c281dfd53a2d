// Optimizers: one call for all parameters.

#ifdef CTORCH_ENABLED

#include "Common.h"

#include <ATen/core/grad_mode.h>

#include <cmath>
#include <limits>

namespace ct {

static double gradient_norm(ct_list list, int count) {
    return guarded(
        [&] {
            at::NoGradGuard off;
            std::vector<at::Tensor> gradients;
            for (int index = 0; index < count; index++) {
                auto &gradient = list[index]->value.grad();
                if (gradient.defined()) gradients.push_back(gradient);
            }
            if (gradients.empty()) return 0.0;
            return at::stack(at::_foreach_norm(gradients, 2)).norm().item<double>();
        },
        std::numeric_limits<double>::quiet_NaN());
}

// SGD with Nesterov momentum (Sutskever et al., 2013), with L2 weight decay in the gradient.
static bool sgd(
    ct_list parameters, ct_list momenta, int count, double rate, double momentum, double decay, double factor) {
    return done([&] {
        at::NoGradGuard off;
        for (int index = 0; index < count; index++) {
            auto &value = parameters[index]->value;
            if (!value.grad().defined()) continue;
            auto gradient = value.grad();
            if (factor != 1) gradient = gradient.mul(factor);
            if (decay != 0) gradient = gradient.add(value, decay);
            auto &state = momenta[index]->value;
            state.mul_(momentum).add_(gradient);
            value.add_(gradient.add(state, momentum), -rate);
        }
    });
}

// Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101).
static bool adamw(
    ct_list parameters, ct_list first, ct_list second, int count, double rate, const double betas[2],
    double epsilon, double decay, int64_t step, double factor) {
    return done([&] {
        at::NoGradGuard off;
        double bias1 = 1 - std::pow(betas[0], double(step));
        double bias2 = std::sqrt(1 - std::pow(betas[1], double(step)));
        for (int index = 0; index < count; index++) {
            auto &value = parameters[index]->value;
            if (!value.grad().defined()) continue;
            auto gradient = factor != 1 ? value.grad().mul(factor) : value.grad();
            if (decay != 0) value.mul_(1 - rate * decay);
            auto &mean = first[index]->value;
            auto &square = second[index]->value;
            mean.lerp_(gradient, 1 - betas[0]);
            square.mul_(betas[1]).addcmul_(gradient, gradient, 1 - betas[1]);
            value.addcdiv_(mean, square.sqrt().div_(bias2).add_(epsilon), -rate / bias1);
        }
    });
}

static bool average(ct_list averages, ct_list current, int count, double share) {
    return done([&] {
        at::NoGradGuard off;
        for (int index = 0; index < count; index++) averages[index]->value.lerp_(current[index]->value, share);
    });
}

void fill_optimizers(ct_face &face) {
    face.gradient_norm = gradient_norm;
    face.sgd = sgd;
    face.adamw = adamw;
    face.average = average;
}

} // namespace ct

#endif
