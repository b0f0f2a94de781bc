/* Source coordinates; each pixel's are computed directly, in the written order. Plain loops, which
 * the compiler vectorises for each level. */

void SIMD_NAME(warp_affine_row)(double *xs, double *ys, int n, int x, int y, const double *k) {
    const double yc = y + 0.5;
    for (int i = 0; i < n; i++) {
        const double xc = (x + i) + 0.5;
        xs[i] = k[0] * xc + k[1] * yc + k[2];
        ys[i] = k[3] * xc + k[4] * yc + k[5];
    }
}

void SIMD_NAME(warp_perspective_row)(double *xs, double *ys, int n, int x, int y, const double *k) {
    const double yc = y + 0.5;
    for (int i = 0; i < n; i++) {
        const double xc = (x + i) + 0.5;
        const double depth = k[6] * xc + k[7] * yc + 1;
        xs[i] = (k[0] * xc + k[1] * yc + k[2]) / depth;
        ys[i] = (k[3] * xc + k[4] * yc + k[5]) / depth;
    }
}

void SIMD_NAME(warp_quad_row)(double *xs, double *ys, int n, int x, int y, const double *k) {
    const double yc = y + 0.5;
    for (int i = 0; i < n; i++) {
        const double xc = (x + i) + 0.5;
        xs[i] = k[0] + k[1] * xc + k[2] * yc + k[3] * xc * yc;
        ys[i] = k[4] + k[5] * xc + k[6] * yc + k[7] * xc * yc;
    }
}
