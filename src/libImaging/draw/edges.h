/* Filling what edges enclose: the rasteriser of polygons, outlines and wide lines. */
#ifndef IMAGING_DRAW_EDGES_H
#define IMAGING_DRAW_EDGES_H

#include "draw/draw.h"

/* An edge with its first point, from which its abscissas are reckoned, and its bounding box. */
typedef struct {
    int x0, y0;
    int xmin, xmax, ymin, ymax;
    float slope; /* dx / dy; 0 if it is horizontal */
} ImgEdge;

static inline ImgEdge img_edge(int x0, int y0, int x1, int y1) {
    ImgEdge edge = {x0, y0, x0, x1, y0, y1, 0};
    if (x0 > x1) {
        edge.xmin = x1;
        edge.xmax = x0;
    }
    if (y0 > y1) {
        edge.ymin = y1;
        edge.ymax = y0;
    }
    if (y0 != y1) {
        edge.slope = (float)((int64_t)x1 - x0) / (float)((int64_t)y1 - y0);
    }
    return edge;
}

/* Fills by the even-odd rule. False: out of memory. */
bool img_fill_edges(const ImgPen *pen, const ImgEdge *edges, size_t count, ImgError *err);

#endif
