/* Drops what defined one level, before the next. */
#undef SIMD_LEVEL
#undef SIMD_BYTES
#undef SIMD_SUFFIX
#undef SIMD_PREFIX
#undef SIMD_SI
