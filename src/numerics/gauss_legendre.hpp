#pragma once

#include "base/host_device.hpp"

namespace wquant {

/// Gauss–Legendre rules on (−1, 1) with an even number of nodes: the positive half, ascending.
/// Roots of the Legendre polynomial by Newton's method and w = 2 / ((1 − x²) P'(x)²), in 40-digit
/// arithmetic, rounded to double.
template <int kNodes>
struct GaussLegendre;

template <>
struct GaussLegendre<6> {
  static WQUANT_HOST_DEVICE double node(int i) {
    constexpr double kNode[3] = {0.23861918608319690863, 0.66120938646626451366,
                                 0.93246951420315202781};
    return kNode[i];
  }
  static WQUANT_HOST_DEVICE double weight(int i) {
    constexpr double kWeight[3] = {0.46791393457269104739, 0.36076157304813860757,
                                   0.17132449237917034504};
    return kWeight[i];
  }
};

template <>
struct GaussLegendre<10> {
  static WQUANT_HOST_DEVICE double node(int i) {
    constexpr double kNode[5] = {0.14887433898163121088, 0.4333953941292471908,
                                 0.67940956829902440623, 0.86506336668898451073,
                                 0.97390652851717172008};
    return kNode[i];
  }
  static WQUANT_HOST_DEVICE double weight(int i) {
    constexpr double kWeight[5] = {0.29552422471475287017, 0.26926671930999635509,
                                   0.219086362515982044, 0.14945134915058059315,
                                   0.066671344308688137594};
    return kWeight[i];
  }
};

template <>
struct GaussLegendre<16> {
  static WQUANT_HOST_DEVICE double node(int i) {
    constexpr double kNode[8] = {0.095012509837637440185, 0.28160355077925891323,
                                 0.45801677765722738634,  0.61787624440264374845,
                                 0.7554044083550030339,   0.86563120238783174388,
                                 0.94457502307323257608,  0.9894009349916499326};
    return kNode[i];
  }
  static WQUANT_HOST_DEVICE double weight(int i) {
    constexpr double kWeight[8] = {0.18945061045506849629,  0.18260341504492358887,
                                   0.16915651939500253819,  0.14959598881657673208,
                                   0.12462897125553387205,  0.09515851168249278481,
                                   0.062253523938647892863, 0.027152459411754094852};
    return kWeight[i];
  }
};

}  // namespace wquant
