/* What Kokoro's residual blocks do beside the matrix products, in passes that stay in a core's cache. The same as
 * kokoro_blocks.py does in NumPy, five times faster; compiled on the host by kokoro_kernels.py. */

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
