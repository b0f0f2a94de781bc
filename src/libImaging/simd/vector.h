/* The thin vector layer: names common to all levels.
 *
 * Each name is a macro that expands, at the place of use, to the intrinsic of the level being
 * instantiated (see instantiate.h). Types: vi (integers), vf (float32), vd (float64), each of
 * SIMD_BYTES bytes; vh and vq are integer vectors of half and a quarter of that (at least 128
 * bits, of which a 16-byte level uses the low part).
 *
 * Shuffles, unpacks and packs work within each 128-bit lane, as the instructions do: a template
 * that unpacks low and high halves and packs them again keeps the order at every width.
 * What differs between levels (loads, comparisons, partial loads, lane-crossing) is defined in
 * vector_LEVEL.h.
 */
#ifndef IMAGING_SIMD_VECTOR_H
#define IMAGING_SIMD_VECTOR_H

#define SIMD_CAT_(a, b) a##b
#define SIMD_CAT(a, b) SIMD_CAT_(a, b)
#define SIMD_NAME(name) SIMD_CAT(name, SIMD_CAT(_, SIMD_SUFFIX))
#define VOP(op) SIMD_CAT(SIMD_PREFIX, op)                       /* _mm256_ + add_epi8 */
#define VOP_SI(op) SIMD_CAT(SIMD_PREFIX, SIMD_CAT(op, SIMD_SI)) /* _mm256_ + and_ + si256 */

#define vi SIMD_NAME(simd_vi)
#define vf SIMD_NAME(simd_vf)
#define vd SIMD_NAME(simd_vd)
#define vh SIMD_NAME(simd_vh)
#define vq SIMD_NAME(simd_vq)

/* Whole vectors; p needs no alignment. */
#define v_load(p) VOP_SI(loadu_)((const void *)(p))
#define v_store(p, a) VOP_SI(storeu_)((void *)(p), a)
#define v_zero() VOP_SI(setzero_)()
#define v_set_u8(x) VOP(set1_epi8)((char)(x))
#define v_set_i16(x) VOP(set1_epi16)((short)(x))
#define v_set_i32(x) VOP(set1_epi32)((int)(x))

#define v_and(a, b) VOP_SI(and_)(a, b)
#define v_or(a, b) VOP_SI(or_)(a, b)
#define v_xor(a, b) VOP_SI(xor_)(a, b)
#define v_andnot(a, b) VOP_SI(andnot_)(a, b) /* ~a & b */

#define v_add_i8(a, b) VOP(add_epi8)(a, b)
#define v_sub_i8(a, b) VOP(sub_epi8)(a, b)
#define v_add_i16(a, b) VOP(add_epi16)(a, b)
#define v_sub_i16(a, b) VOP(sub_epi16)(a, b)
#define v_add_i32(a, b) VOP(add_epi32)(a, b)
#define v_sub_i32(a, b) VOP(sub_epi32)(a, b)
#define v_adds_u8(a, b) VOP(adds_epu8)(a, b)
#define v_subs_u8(a, b) VOP(subs_epu8)(a, b)
#define v_adds_i16(a, b) VOP(adds_epi16)(a, b)
#define v_subs_i16(a, b) VOP(subs_epi16)(a, b)
#define v_adds_u16(a, b) VOP(adds_epu16)(a, b)
#define v_subs_u16(a, b) VOP(subs_epu16)(a, b)
#define v_min_u8(a, b) VOP(min_epu8)(a, b)
#define v_max_u8(a, b) VOP(max_epu8)(a, b)
#define v_min_i16(a, b) VOP(min_epi16)(a, b)
#define v_max_i16(a, b) VOP(max_epi16)(a, b)
#define v_min_i32(a, b) VOP(min_epi32)(a, b)
#define v_max_i32(a, b) VOP(max_epi32)(a, b)
#define v_mullo_i16(a, b) VOP(mullo_epi16)(a, b)
#define v_mulhi_u16(a, b) VOP(mulhi_epu16)(a, b)
#define v_mulhi_i16(a, b) VOP(mulhi_epi16)(a, b)
#define v_mullo_i32(a, b) VOP(mullo_epi32)(a, b)
#define v_mul_u32(a, b) VOP(mul_epu32)(a, b)   /* even 32-bit elements to 64 bits */
#define v_madd_i16(a, b) VOP(madd_epi16)(a, b) /* a0*b0 + a1*b1 into each 32-bit element */
#define v_maddubs(a, b) VOP(maddubs_epi16)(a, b)
#define v_sad_u8(a, b) VOP(sad_epu8)(a, b)

#define v_shl_i16(a, n) VOP(slli_epi16)(a, n)
#define v_shr_u16(a, n) VOP(srli_epi16)(a, n)
#define v_shr_i16(a, n) VOP(srai_epi16)(a, n)
#define v_shl_i32(a, n) VOP(slli_epi32)(a, n)
#define v_shr_u32(a, n) VOP(srli_epi32)(a, n)
#define v_shr_i32(a, n) VOP(srai_epi32)(a, n)
#define v_shl_i64(a, n) VOP(slli_epi64)(a, n)
#define v_shr_u64(a, n) VOP(srli_epi64)(a, n)

/* Within 128-bit lanes. */
#define v_unpacklo_i8(a, b) VOP(unpacklo_epi8)(a, b)
#define v_unpackhi_i8(a, b) VOP(unpackhi_epi8)(a, b)
#define v_unpacklo_i16(a, b) VOP(unpacklo_epi16)(a, b)
#define v_unpackhi_i16(a, b) VOP(unpackhi_epi16)(a, b)
#define v_unpacklo_i32(a, b) VOP(unpacklo_epi32)(a, b)
#define v_unpackhi_i32(a, b) VOP(unpackhi_epi32)(a, b)
#define v_unpacklo_i64(a, b) VOP(unpacklo_epi64)(a, b)
#define v_unpackhi_i64(a, b) VOP(unpackhi_epi64)(a, b)
#define v_packs_i16_u8(a, b) VOP(packus_epi16)(a, b)
#define v_packs_i32_i16(a, b) VOP(packs_epi32)(a, b)
#define v_packs_i32_u16(a, b) VOP(packus_epi32)(a, b)
#define v_shuffle_u8(a, m) VOP(shuffle_epi8)(a, m) /* m: byte of the same lane, or 0x80 for 0 */
#define v_shuffle_i32(a, order) VOP(shuffle_epi32)(a, order) /* two bits an element */
#define v_alignr(a, b, n) VOP(alignr_epi8)(a, b, n)

/* Float32 and float64, one instruction an operation: never contracted, never reordered. */
#define v_set_f32(x) VOP(set1_ps)(x)
#define v_load_f32(p) VOP(loadu_ps)((const float *)(p))
#define v_store_f32(p, a) VOP(storeu_ps)((float *)(p), a)
#define v_add_f32(a, b) VOP(add_ps)(a, b)
#define v_sub_f32(a, b) VOP(sub_ps)(a, b)
#define v_mul_f32(a, b) VOP(mul_ps)(a, b)
#define v_div_f32(a, b) VOP(div_ps)(a, b)
#define v_min_f32(a, b) VOP(min_ps)(a, b) /* b if either is nan */
#define v_max_f32(a, b) VOP(max_ps)(a, b)
#define v_i32_to_f32(a) VOP(cvtepi32_ps)(a)
#define v_f32_to_i32(a) VOP(cvttps_epi32)(a) /* truncates; out of range gives INT32_MIN */
#define v_set_f64(x) VOP(set1_pd)(x)
#define v_load_f64(p) VOP(loadu_pd)((const double *)(p))
#define v_store_f64(p, a) VOP(storeu_pd)((double *)(p), a)
#define v_add_f64(a, b) VOP(add_pd)(a, b)
#define v_sub_f64(a, b) VOP(sub_pd)(a, b)
#define v_mul_f64(a, b) VOP(mul_pd)(a, b)
#define v_div_f64(a, b) VOP(div_pd)(a, b)

/* Widening: v_widen_u8_i16 takes a vh, v_widen_u8_i32 a vq (4, 8, 16 bytes). */
#define v_widen_u8_i16(a) VOP(cvtepu8_epi16)(a)
#define v_widen_u8_i32(a) VOP(cvtepu8_epi32)(a)
#define v_widen_u16_i32(a) VOP(cvtepu16_epi32)(a)
#define v_widen_i16_i32(a) VOP(cvtepi16_epi32)(a)

/* Defined per level:
 *   v_load_half(p), v_load_quarter(p)   vh, vq of SIMD_BYTES/2, SIMD_BYTES/4 bytes
 *   v_load_part(p, n), v_store_part(p, a, n)   n < SIMD_BYTES bytes, nothing beyond is touched
 *   v_cmpeq_u8/_i16/_i32, v_cmpgt_i16/_i32   all ones where true
 *   v_select(m, a, b)   a where the bytes of m are all ones, b where they are zero
 *   v_lanes(a)   the 16-byte constant a (an __m128i) in every 128-bit lane
 */
#define v_load_half(p) SIMD_NAME(simd_load_half)(p)
#define v_load_quarter(p) SIMD_NAME(simd_load_quarter)(p)
#define v_load_part(p, n) SIMD_NAME(simd_load_part)(p, n)
#define v_store_part(p, a, n) SIMD_NAME(simd_store_part)(p, a, n)
#define v_cmpeq_u8(a, b) SIMD_NAME(simd_cmpeq_u8)(a, b)
#define v_cmpeq_i16(a, b) SIMD_NAME(simd_cmpeq_i16)(a, b)
#define v_cmpeq_i32(a, b) SIMD_NAME(simd_cmpeq_i32)(a, b)
#define v_cmpgt_i16(a, b) SIMD_NAME(simd_cmpgt_i16)(a, b)
#define v_cmpgt_i32(a, b) SIMD_NAME(simd_cmpgt_i32)(a, b)
#define v_select(m, a, b) SIMD_NAME(simd_select)(m, a, b)
#define v_dot_u8(acc, a, b) SIMD_NAME(simd_dot_u8)(acc, a, b) /* avx512 only */
#define v_lanes(a) SIMD_NAME(simd_lanes)(a)

#define SIMD_INLINE static inline __attribute__((always_inline, unused))

#endif
