/* Shared by the load clients: clock, histogram, own CPU, targets, line protocol with the runner. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static inline uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline uint64_t cpu_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void die(const char *format, ...) {
  va_list args;
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
  exit(1);
}

/* Log-linear histogram: 128 steps per power of two, so any percentile is within 1 %. */
#define STEPS 128
#define BUCKETS (STEPS * 40)
typedef struct {
  uint64_t bucket[BUCKETS], count, max;
} histogram;

static inline void record(histogram *h, uint64_t ns) {
  uint64_t us10 = ns / 100; /* tenths of a microsecond */
  int index;
  if (us10 < STEPS) {
    index = (int)us10;
  } else {
    int shift = 63 - __builtin_clzll(us10) - 7;
    index = (shift + 1) * STEPS + (int)((us10 >> shift) - STEPS);
    if (index >= BUCKETS) index = BUCKETS - 1;
  }
  h->bucket[index]++;
  h->count++;
  if (ns > h->max) h->max = ns;
}

static double percentile_us(const histogram *h, double p) {
  if (h->count == 0) return 0;
  uint64_t rank = (uint64_t)(p * (double)h->count), seen = 0;
  if (rank >= h->count) rank = h->count - 1;
  for (int i = 0; i < BUCKETS; i++) {
    seen += h->bucket[i];
    if (seen <= rank) continue;
    if (i < STEPS) return (double)i / 10;
    int shift = i / STEPS - 1;
    return (double)((uint64_t)(i % STEPS + STEPS) << shift) / 10;
  }
  return (double)h->max / 1000;
}

static void print_latency(const histogram *h) {
  printf("\"latency\":{\"count\":%llu,\"p50\":%.1f,\"p95\":%.1f,\"p99\":%.1f,\"max\":%.1f}",
         (unsigned long long)h->count, percentile_us(h, 0.50), percentile_us(h, 0.95), percentile_us(h, 0.99),
         (double)h->max / 1000);
}

/* Arguments are key=value; a missing key yields the fallback. */
static const char *argument(int argc, char **argv, const char *key, const char *fallback) {
  size_t n = strlen(key);
  for (int i = 1; i < argc; i++)
    if (strncmp(argv[i], key, n) == 0 && argv[i][n] == '=') return argv[i] + n + 1;
  return fallback;
}

static long number(int argc, char **argv, const char *key, long fallback) {
  const char *text = argument(argc, argv, key, NULL);
  return text ? atol(text) : fallback;
}

/* A targets file has one target per line: path TAB header TAB header … */
typedef struct {
  char path[1024], headers[8192];
} target;

static target *read_targets(const char *file, int *count) {
  FILE *in = fopen(file, "r");
  if (!in) die("cannot read targets %s", file);
  target *targets = NULL;
  char *line = NULL;
  size_t capacity = 0;
  *count = 0;
  while (getline(&line, &capacity, in) > 0) {
    line[strcspn(line, "\n")] = 0;
    if (!*line) continue;
    targets = realloc(targets, sizeof(target) * (size_t)(*count + 1));
    target *t = &targets[(*count)++];
    t->headers[0] = 0;
    char *rest = line, *part = strsep(&rest, "\t");
    snprintf(t->path, sizeof t->path, "%s", part);
    while ((part = strsep(&rest, "\t"))) {
      if (strlen(t->headers) + strlen(part) + 3 > sizeof t->headers) die("headers too long");
      strcat(strcat(t->headers, part), "\r\n");
    }
  }
  free(line);
  fclose(in);
  if (*count == 0) die("no targets");
  return targets;
}

static int open_connection(int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) die("socket: %s (raise the open file limit)", strerror(errno));
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  /* Loopback only: a load generator must not be able to reach anybody else. */
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS)
    die("connect 127.0.0.1:%d: %s", port, strerror(errno));
  return fd;
}

/* Commands come as lines on stdin; false once the runner has closed it. */
static int read_commands(void (*obey)(const char *)) {
  static char buffer[1024];
  static size_t kept;
  ssize_t n = read(0, buffer + kept, sizeof buffer - 1 - kept);
  if (n <= 0) return 0;
  kept += (size_t)n;
  buffer[kept] = 0;
  char *line = buffer, *end;
  for (; (end = strchr(line, '\n')); line = end + 1) {
    *end = 0;
    obey(line);
  }
  kept = strlen(line);
  memmove(buffer, line, kept + 1);
  return 1;
}
