/* Division by 255, rounded, without dividing. */
#ifndef IMAGING_COMPOSE_DIVIDE_H
#define IMAGING_COMPOSE_DIVIDE_H

#include <stdint.h>

/* round(t / 255), halves up, for t <= 255 * 255: 1/255 = 1/256 + 1/256^2 + ..., of which two terms
 * suffice up to there. */
static inline uint8_t divide_255(uint32_t t) {
    t += 128;
    return (uint8_t)((t + (t >> 8)) >> 8);
}

/* a under b, b covering m / 255 of it. One rounding for the sum. */
static inline uint8_t mix_255(uint32_t a, uint32_t b, uint32_t m) {
    return divide_255(a * (255 - m) + b * m);
}

#endif
