#include "wquant/array.hpp"

#include <algorithm>

#include "backend/backend.hpp"
#include "base/checked.hpp"

namespace wquant {

template <class T>
Array<T>::Array(const Context& context, std::int64_t rows, std::int64_t cols)
    : rows_(rows), cols_(cols), space_(context.memory_space()) {
  const std::size_t bytes = checked_bytes(rows, cols, sizeof(T));
  const std::shared_ptr<Backend> backend = context.backend_;
  memory_ = Memory(static_cast<T*>(backend->allocate(bytes)),
                   [backend](T* memory) { backend->deallocate(memory); });
  if (space_ == MemorySpace::device)
    copy_to_host_ = [backend](T* to, const T* from, std::int64_t count) {
      backend->copy_to_host(to, from, checked_bytes(count, 1, sizeof(T)));
    };
}

template <class T>
Array<T> Array<T>::from_host(const std::vector<T>& values, std::int64_t cols) {
  if (cols < 1 || static_cast<std::int64_t>(values.size()) % cols != 0)
    throw InvalidArgument("array: " + std::to_string(values.size()) +
                          " values do not fill rows of " + std::to_string(cols));
  Array array;
  array.rows_ = static_cast<std::int64_t>(values.size()) / cols;
  array.cols_ = cols;
  array.memory_ = Memory(new T[values.size()], [](T* memory) { delete[] memory; });
  std::copy(values.begin(), values.end(), array.memory_.get());
  return array;
}

template <class T>
const T* Array<T>::begin() const {
  if (space_ != MemorySpace::host)
    throw InvalidArgument("array: device memory; expected host memory, to which to_host() copies");
  return data();
}

template <class T>
Array<T> Array<T>::to_host() const {
  std::vector<T> values(static_cast<std::size_t>(size()));
  if (copy_to_host_)
    copy_to_host_(values.data(), data(), size());
  else
    std::copy(data(), data() + size(), values.data());
  return from_host(values, std::max<std::int64_t>(cols_, 1));
}

template class Array<double>;
template class Array<float>;
template class Array<std::int64_t>;

}  // namespace wquant
