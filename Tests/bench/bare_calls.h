size_t webp_encode(const uint8_t *rgb, int width, int height, int bands, int lossless);
int webp_decode(const uint8_t *data, size_t size, uint8_t *out, size_t room, int width);
size_t avif_encode(const uint8_t *rgbx, int width, int height, int speed, int quality, int threads);
int avif_decode(const uint8_t *data, size_t size, uint8_t *out, int width, int height, int threads);
size_t jpeg2k_encode(const uint8_t *rgb, int width, int height);
int jpeg2k_decode(const uint8_t *data, size_t size, uint8_t *out, int width, int height);
