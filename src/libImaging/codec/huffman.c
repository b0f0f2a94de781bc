/* Huffman codes: lengths by merging sorted frequencies, then limited, then canonical codes. */
#include "codec/huffman.h"

#include <stdbool.h>
#include <stdlib.h>

#define MAX_DEPTH 15

typedef struct {
    uint32_t weight;
    uint16_t symbol;
} Leaf;

static int compare_leaves(const void *a, const void *b) {
    const Leaf *x = a, *y = b;
    if (x->weight != y->weight) {
        return x->weight < y->weight ? -1 : 1;
    }
    return (int)x->symbol - (int)y->symbol;
}

/* Depth of each leaf in a Huffman tree over the sorted leaves. Leaves and finished pairs are two
 * queues in ascending order; the two lightest heads become the next pair. */
static void tree_depths(const Leaf *leaf, int count, int *depth) {
    uint32_t weight[HUFFMAN_SYMBOLS];
    int parent[2 * HUFFMAN_SYMBOLS] = {0}; /* of leaves, then of pairs: index of a pair */
    int next_leaf = 0, next_pair = 0;
    for (int pair = 0; pair < count - 1; pair++) {
        weight[pair] = 0;
        for (int side = 0; side < 2; side++) {
            bool leaf_first = next_leaf < count &&
                              (next_pair == pair || leaf[next_leaf].weight <= weight[next_pair]);
            int node = leaf_first ? next_leaf : count + next_pair;
            weight[pair] += leaf_first ? leaf[next_leaf].weight : weight[next_pair];
            next_leaf += leaf_first;
            next_pair += !leaf_first;
            parent[node] = pair;
        }
    }
    int pair_depth[HUFFMAN_SYMBOLS];
    pair_depth[count - 2] = 0;
    for (int pair = count - 3; pair >= 0; pair--) {
        pair_depth[pair] = pair_depth[parent[count + pair]] + 1;
    }
    for (int i = 0; i < count; i++) {
        depth[i] = pair_depth[parent[i]] + 1;
    }
}

/* Moves leaves up to `limit` and repairs the sum of 2^-length, which must be exactly 1: as long as
 * it is too large, the deepest leaf above the limit takes one of the limit's leaves beside it. */
static void limit_depths(int *number, int deepest, int limit) {
    for (int d = limit + 1; d <= deepest; d++) {
        number[limit] += number[d];
        number[d] = 0;
    }
    long sum = 0;
    for (int d = 1; d <= limit; d++) {
        sum += (long)number[d] << (limit - d);
    }
    for (; sum > 1L << limit; sum--) {
        int d = limit - 1;
        while (number[d] == 0) {
            d--;
        }
        number[limit]--;
        number[d]--;
        number[d + 1] += 2;
    }
}

void huffman_lengths(const uint32_t *frequency, int count, int limit, uint8_t *length) {
    Leaf leaf[HUFFMAN_SYMBOLS];
    int depth[HUFFMAN_SYMBOLS], number[HUFFMAN_SYMBOLS + 1] = {0}, used = 0;
    for (int s = 0; s < count; s++) {
        if (frequency[s] > 0) {
            leaf[used++] = (Leaf){frequency[s], (uint16_t)s};
        }
    }
    for (int s = 0; s < count; s++) {
        length[s] = 0;
    }
    qsort(leaf, (size_t)used, sizeof(leaf[0]), compare_leaves);
    tree_depths(leaf, used, depth);
    int deepest = limit;
    for (int i = 0; i < used; i++) {
        number[depth[i]]++;
        deepest = depth[i] > deepest ? depth[i] : deepest;
    }
    limit_depths(number, deepest, limit);
    /* The rarest symbols get the longest codes. */
    int d = limit;
    for (int i = 0; i < used; i++) {
        while (number[d] == 0) {
            d--;
        }
        number[d]--;
        length[leaf[i].symbol] = (uint8_t)d;
    }
}

void huffman_codes(HuffmanCode *huffman, int count) {
    unsigned number[MAX_DEPTH + 1] = {0}, next[MAX_DEPTH + 1] = {0};
    for (int s = 0; s < count; s++) {
        number[huffman->length[s]]++;
    }
    number[0] = 0;
    for (int d = 1; d <= MAX_DEPTH; d++) {
        next[d] = (next[d - 1] + number[d - 1]) << 1;
    }
    for (int s = 0; s < count; s++) {
        unsigned bits = huffman->length[s], code = next[bits]++, reversed = 0;
        for (unsigned i = 0; i < bits; i++) {
            reversed |= (code >> i & 1) << (bits - 1 - i);
        }
        huffman->code[s] = (uint16_t)reversed;
    }
}
