/* Residual blocks of vocoders, in passes that stay in a core's cache; compiled on the host by kernels.py. First what Kokoro's
 * do beside the matrix products, the same as kokoro_blocks.py does in NumPy, five times faster. */

#include <math.h>
#include <string.h>

enum { LANES = 8, WIDE = 4, GROUP = LANES * WIDE, MOST = 20 };

typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4)));

static inline lanes broadcast(float value) {
    return (lanes){value, value, value, value, value, value, value, value};
}

/* w + sin(w)^2. The argument is brought into +-pi/2 first; the sine there is good to 4e-7. */
static inline float snake(float w) {
    const float turns = rintf(w * 0.318309886f);
    float x = w - turns * 3.14159274f;
    x += turns * 8.74227766e-8f;
    const float square = x * x;
    float sine = -2.3889859e-8f;
    sine = sine * square + 2.7525562e-6f;
    sine = sine * square - 1.9840874e-4f;
    sine = sine * square + 8.3333310e-3f;
    sine = sine * square - 1.6666667e-1f;
    sine = x + x * square * sine;
    return w + sine * sine;
}

/* padded[wanted][channels]: snake(rows * gain + offset) of the rows begin, begin + 1, ...; zero beyond the sound. */
void kokoro_snake(const float *rows, long stride, long count, long begin, long wanted, long channels, const float *gain,
                  const float *offset, float *padded) {
    for (long row = 0; row < wanted; row++) {
        float *target = padded + row * channels;
        const long place = begin + row;
        if (place < 0 || place >= count) {
            memset(target, 0, channels * sizeof(float));
            continue;
        }
        const float *source = rows + place * stride;
        for (long c = 0; c < channels; c++) target[c] = snake(source[c] * gain[c] + offset[c]);
    }
}

/* One group of channels of one tile to its points. Points are 0, pairs of opposite numbers, and infinity, so the even and
 * the odd inputs of a pair are summed once for both. */
static inline __attribute__((always_inline)) void tile_forward(const int n, const float *inputs, long channels,
                                                               const float *forward, float *points, long plane) {
    lanes x[MOST][WIDE];
    for (int i = 0; i < n; i++)
        for (int v = 0; v < WIDE; v++) x[i][v] = *(const lanes *)(inputs + i * channels + v * LANES);
    for (int p = 1; p < n - 1; p += 2) {
        lanes even[WIDE] = {0}, odd[WIDE] = {0};
        for (int i = 0; i < n; i += 2) {
            const lanes a = broadcast(forward[p * n + i]), b = broadcast(forward[p * n + i + 1]);
            for (int v = 0; v < WIDE; v++) {
                even[v] += a * x[i][v];
                odd[v] += b * x[i + 1][v];
            }
        }
        for (int v = 0; v < WIDE; v++) {
            *(lanes *)(points + p * plane + v * LANES) = even[v] + odd[v];
            *(lanes *)(points + (p + 1) * plane + v * LANES) = even[v] - odd[v];
        }
    }
    lanes zero[WIDE] = {0}, infinity[WIDE] = {0};
    for (int i = 0; i < n; i += 2) {
        const lanes a = broadcast(forward[i]), b = broadcast(forward[(n - 1) * n + i + 1]);
        for (int v = 0; v < WIDE; v++) {
            zero[v] += a * x[i][v];
            infinity[v] += b * x[i + 1][v];
        }
    }
    for (int v = 0; v < WIDE; v++) {
        *(lanes *)(points + v * LANES) = zero[v];
        *(lanes *)(points + (n - 1) * plane + v * LANES) = infinity[v];
    }
}

/* points[n][tiles][channels] of padded[tiles * tile + n - tile][channels]. */
void kokoro_forward(const float *padded, long channels, long tiles, long tile, long n, const float *forward,
                    float *points) {
    const long plane = tiles * channels;
    for (long q = 0; q < tiles; q++)
        for (long c = 0; c < channels; c += GROUP) {
            const float *from = padded + q * tile * channels + c;
            float *to = points + q * channels + c;
            if (n == 12) tile_forward(12, from, channels, forward, to, plane);
            else if (n == 14) tile_forward(14, from, channels, forward, to, plane);
            else if (n == 16) tile_forward(16, from, channels, forward, to, plane);
            else tile_forward(20, from, channels, forward, to, plane);
        }
}

/* One group of channels of one tile back from its points; y[MOST][WIDE] takes the outputs. */
static inline __attribute__((always_inline)) void tile_back(const int n, const int tile, const float *products,
                                                            long plane, const float *back, lanes y[][WIDE]) {
    lanes sum[MOST / 2][WIDE], difference[MOST / 2][WIDE], zero[WIDE], infinity[WIDE];
    for (int v = 0; v < WIDE; v++) {
        zero[v] = *(const lanes *)(products + v * LANES);
        infinity[v] = *(const lanes *)(products + (n - 1) * plane + v * LANES);
    }
    for (int p = 1; p < n - 1; p += 2)
        for (int v = 0; v < WIDE; v++) {
            const lanes a = *(const lanes *)(products + p * plane + v * LANES);
            const lanes b = *(const lanes *)(products + (p + 1) * plane + v * LANES);
            sum[p / 2][v] = a + b;
            difference[p / 2][v] = a - b;
        }
    for (int i = 0; i < tile; i++) {
        for (int v = 0; v < WIDE; v++) y[i][v] = broadcast(0);
        for (int p = 1; p < n - 1; p += 2) {
            const lanes a = broadcast(back[i * n + p]);
            for (int v = 0; v < WIDE; v++) y[i][v] += a * (i % 2 ? difference[p / 2][v] : sum[p / 2][v]);
        }
    }
    for (int v = 0; v < WIDE; v++) {
        y[0][v] += broadcast(back[0]) * zero[v];
        y[tile - 1][v] += broadcast(back[tile * n - 1]) * infinity[v];
    }
}

/* target[count rows, stride apart] = (or +=) the outputs of products[n][tiles][channels]; sums[2][channels] takes the sums
 * of what stands there then, and of its squares. */
void kokoro_back(const float *products, long channels, long tiles, long tile, long n, const float *back, float *target,
                 long stride, long count, long add, float *sums) {
    const long plane = tiles * channels;
    memset(sums, 0, 2 * channels * sizeof(float));
    for (long q = 0; q < tiles; q++) {
        const long rows = count - q * tile < tile ? count - q * tile : tile;
        for (long c = 0; c < channels; c += GROUP) {
            lanes y[MOST][WIDE];
            const float *from = products + q * channels + c;
            if (n == 12) tile_back(12, 10, from, plane, back, y);
            else if (n == 14) tile_back(14, 10, from, plane, back, y);
            else if (n == 16) tile_back(16, 10, from, plane, back, y);
            else tile_back(20, 10, from, plane, back, y);
            for (int v = 0; v < WIDE; v++) {
                lanes first = *(lanes *)(sums + c + v * LANES), second = *(lanes *)(sums + channels + c + v * LANES);
                for (long i = 0; i < rows; i++) {
                    lanes *place = (lanes *)(target + (q * tile + i) * stride + c + v * LANES);
                    const lanes value = add ? *place + y[i][v] : y[i][v];
                    *place = value;
                    first += value;
                    second += value * value;
                }
                *(lanes *)(sums + c + v * LANES) = first;
                *(lanes *)(sums + channels + c + v * LANES) = second;
            }
        }
    }
}

/* --- The residual blocks of HiFi-GAN: leaky ReLU, no norm. A whole block for a window of the sound in one call. --- */

/* One convolution. panels[n][channels / COLUMNS][channels][COLUMNS] are its weights at the points. */
struct layer {
    long taps, dilation, tile, n;
    const float *forward, *back, *panels, *bias;
};

enum { ROWS = 6, COLUMNS = 2 * LANES };

/* out[rows][channels] of this panel's columns: a[rows][channels] times the panel. */
static inline __attribute__((always_inline)) void product_rows(const int rows, const float *a, long channels,
                                                               const float *panel, float *out) {
    lanes sum[ROWS][2] = {{{0}}};
    for (long k = 0; k < channels; k++) {
        const lanes left = *(const lanes *)(panel + k * COLUMNS), right = *(const lanes *)(panel + k * COLUMNS + LANES);
        for (int r = 0; r < rows; r++) {
            const lanes value = broadcast(a[r * channels + k]);
            sum[r][0] += value * left;
            sum[r][1] += value * right;
        }
    }
    for (int r = 0; r < rows; r++) {
        *(lanes *)(out + r * channels) = sum[r][0];
        *(lanes *)(out + r * channels + LANES) = sum[r][1];
    }
}

static void product(const float *a, long rows, long channels, const float *panels, float *out) {
    for (long column = 0; column < channels; column += COLUMNS) {
        const float *panel = panels + column * channels;
        long r = 0;
        for (; r + ROWS <= rows; r += ROWS)
            product_rows(ROWS, a + r * channels, channels, panel, out + r * channels + column);
        for (; r + 2 <= rows; r += 2) product_rows(2, a + r * channels, channels, panel, out + r * channels + column);
        if (r < rows) product_rows(1, a + r * channels, channels, panel, out + r * channels + column);
    }
}

/* padded[wanted][channels]: leaky ReLU of the rows begin, begin + 1, ...; zero beyond the sound. */
static void leaky(const float *rows, long stride, long count, long begin, long wanted, long channels, float slope,
                  float *padded) {
    for (long row = 0; row < wanted; row++) {
        float *target = padded + row * channels;
        const long place = begin + row;
        if (place < 0 || place >= count) {
            memset(target, 0, channels * sizeof(float));
            continue;
        }
        const float *source = rows + place * stride;
        for (long c = 0; c < channels; c++) target[c] = source[c] > 0 ? source[c] : source[c] * slope;
    }
}

/* target[count rows, stride apart] = the outputs of products[n][tiles][channels], and bias, and addend where there is one,
 * whose rows stand as the target's. */
static void back_with_bias(const float *products, long channels, long tiles, const struct layer *layer,
                           const float *addend, float *target, long stride, long count) {
    const long plane = tiles * channels, tile = layer->tile;
    for (long q = 0; q < tiles; q++) {
        const long rows = count - q * tile < tile ? count - q * tile : tile;
        for (long c = 0; c < channels; c += GROUP) {
            lanes y[MOST][WIDE];
            const float *from = products + q * channels + c;
            if (layer->n == 12) tile_back(12, 10, from, plane, layer->back, y);
            else if (layer->n == 14) tile_back(14, 10, from, plane, layer->back, y);
            else if (layer->n == 16) tile_back(16, 10, from, plane, layer->back, y);
            else tile_back(20, 10, from, plane, layer->back, y);
            for (int v = 0; v < WIDE; v++) {
                const lanes bias = *(const lanes *)(layer->bias + c + v * LANES);
                for (long i = 0; i < rows; i++) {
                    const long place = (q * tile + i) * stride + c + v * LANES;
                    lanes value = y[i][v] + bias;
                    if (addend) value += *(const lanes *)(addend + place);
                    *(lanes *)(target + place) = value;
                }
            }
        }
    }
}

/* target[steps][channels] = the layer's convolution of leaky ReLU of source, and addend where there is one, which may be the
 * target. scratch takes what `most` tiles need. */
static void leaky_layer(const struct layer *layer, float slope, const float *source, const float *addend, float *target,
                        long steps, long channels, long most, float *scratch) {
    const long stride = layer->dilation * channels, tile = layer->tile, n = layer->n;
    float *padded = scratch, *points = padded + (most * tile + n - tile) * channels, *products = points + n * most * channels;
    for (long phase = 0; phase < layer->dilation && phase < steps; phase++) {
        const long rows = (steps - phase + layer->dilation - 1) / layer->dilation, all = (rows + tile - 1) / tile;
        const long pieces = (all + most - 1) / most, longest = (all + pieces - 1) / pieces;
        for (long first = 0; first < all; first += longest) {
            const long tiles = all - first < longest ? all - first : longest;
            leaky(source + phase * channels, stride, rows, first * tile - layer->taps / 2, tiles * tile + n - tile, channels,
                  slope, padded);
            kokoro_forward(padded, channels, tiles, tile, n, layer->forward, points);
            for (long p = 0; p < n; p++)
                product(points + p * tiles * channels, tiles, channels, layer->panels + p * channels * channels,
                        products + p * tiles * channels);
            const long place = phase * channels + first * tile * stride;
            back_with_bias(products, channels, tiles, layer, addend ? addend + place : 0, target + place, stride,
                           rows - first * tile);
        }
    }
}

/* stream[steps][channels] = the residual block's output for sound, which is left as it is. Each `depth` layers (1 or 2) are
 * one residual step; other[steps][channels] is work space. The result stands in stream. */
void leaky_block(const struct layer *layers, long count, long depth, float slope, const float *sound, long steps,
                 long channels, long most, float *stream, float *other, float *scratch) {
    const float *from = sound;
    for (long step = 0; step < count; step += depth) {
        float *to = stream;
        if (depth == 2) {
            leaky_layer(layers + step, slope, from, 0, other, steps, channels, most, scratch);
            leaky_layer(layers + step + 1, slope, other, from, stream, steps, channels, most, scratch);
        } else {
            to = (count - step) % 2 ? stream : other; /* the last one is the stream */
            leaky_layer(layers + step, slope, from, from, to, steps, channels, most, scratch);
        }
        from = to;
    }
}
