/* Drops what rank_columns.tmpl.h defined, before the next level. */
#undef WINDOW_SORT
#undef CE
#undef RANK_CHUNK
