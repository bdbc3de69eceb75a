#include "io/quantize_summary.hpp"

namespace wquant::io {

Members members(const QuantizeSummary& summary) {
  const Certificate& certificate = summary.certificate;
  const Members parts = {{"cells", json_number(certificate.cells)},
                         {"dropped", json_number(certificate.dropped)},
                         {"reduction", json_number(certificate.reduction)},
                         {"basis", json_number(certificate.basis)},
                         {"rounding", json_number(certificate.rounding)}};
  const Members seconds = {{"scheme", json_number(summary.scheme_seconds)},
                           {"apply", json_number(summary.apply_seconds)}};
  return {{"w2", json_number(certificate.w2)},
          {"support", std::to_string(summary.support)},
          {"family", json_string(summary.family)},
          {"certificate", json_object(parts)},
          {"components", std::to_string(summary.components)},
          {"dimension", std::to_string(summary.dimension)},
          {"device", json_string(summary.device)},
          {"seconds", json_object(seconds)}};
}

}  // namespace wquant::io
