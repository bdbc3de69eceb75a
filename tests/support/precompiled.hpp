// What most tests include, read once by the compiler for all of them. Every test still includes
// what it uses.
#pragma once

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "support/decompositions.hpp"
#include "support/golden.hpp"
#include "support/mixtures.hpp"
#include "wquant/wquant.hpp"
