/* Sends chat messages over keep-alive connections: closed loop, or open loop at a fixed rate.
 *
 *   post port=P connections=N targets=FILE [rate=R] [total=T] [text=BYTES] [max-seconds=S]
 *
 * Commands on stdin: "mark" opens a measuring window, "report" prints it, "stop" lets what is in flight
 * finish and ends with a report; end of input just ends.
 * In open loop a message is stamped with the time it was due, so waiting for a free connection counts. */
#include "load.h"
#include <sys/timerfd.h>

typedef struct {
  int fd, target, busy, connected;
  uint64_t started;
  char *request;
  size_t sent;
  char head[4096];
  size_t head_length;
  long body_left; /* -1: still reading the head, -2: chunked body */
  int status;
  char tail[5];
} connection;

static target *targets;
static char **templates;
static size_t *template_length, *body_offset;
static int target_count, port, epoll, text_bytes;
static connection *connections;
static long connection_count, rate, total, issued, in_flight, finished, live;
static uint64_t errors, statuses[600], random_state, window_start, window_cpu, overdue;
static histogram latency;
static uint64_t next_due, interval;
static int stopping;

static uint64_t next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}

static void prepare_templates(void) {
  templates = calloc((size_t)target_count, sizeof(char *));
  template_length = calloc((size_t)target_count, sizeof(size_t));
  body_offset = calloc((size_t)target_count, sizeof(size_t));
  char body[65536], padding[60000];
  memset(padding, 'x', sizeof padding);
  padding[text_bytes > 24 ? text_bytes - 24 : 0] = 0;
  snprintf(body, sizeof body,
           "{\"clientMessageId\":\"00000000-0000-7000-8000-000000000000\",\"text\":\"~t=%020d %s\"}", 0, padding);
  for (int i = 0; i < target_count; i++) {
    char *request = malloc(80000);
    int head = snprintf(request, 80000,
                        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%sContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n",
                        targets[i].path, port, targets[i].headers, strlen(body));
    strcpy(request + head, body);
    templates[i] = request;
    body_offset[i] = (size_t)head;
    template_length[i] = (size_t)head + strlen(body);
  }
}

static void hex(char *out, uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; i--, value >>= 4) out[i] = "0123456789abcdef"[value & 15];
}

/* A UUIDv7 and the stamp are written over the placeholders; lengths never change. */
static void fill(connection *c, uint64_t stamp) {
  char *body = c->request + body_offset[c->target], *id = body + 20;
  struct timespec wall;
  clock_gettime(CLOCK_REALTIME, &wall);
  uint64_t ms = (uint64_t)wall.tv_sec * 1000 + (uint64_t)wall.tv_nsec / 1000000, r = next_random(), s = next_random();
  hex(id, ms >> 16, 8);
  hex(id + 9, ms & 0xffff, 4);
  hex(id + 15, r & 0xfff, 3);
  hex(id + 20, (r >> 12) & 0xfff, 3);
  hex(id + 24, s, 12);
  char *digits = body + 20 + 36 + 10 + 3;
  for (int i = 19; i >= 0; i--, stamp /= 10) digits[i] = (char)('0' + stamp % 10);
}

static void reopen(connection *c) {
  if (c->fd >= 0) close(c->fd);
  c->fd = open_connection(port);
  c->connected = 0;
  c->busy = 0;
  struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
  epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &e);
}

static void watch(connection *c, uint32_t events) {
  struct epoll_event e = {.events = events, .data.ptr = c};
  epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &e);
}

static void flush_request(connection *c) {
  size_t length = template_length[c->target];
  while (c->sent < length) {
    ssize_t n = send(c->fd, c->request + c->sent, length - c->sent, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EAGAIN) watch(c, EPOLLIN | EPOLLOUT);
      return;
    }
    c->sent += (size_t)n;
  }
}

static void begin(connection *c, uint64_t due) {
  c->busy = 1;
  c->started = due;
  c->sent = c->head_length = 0;
  c->body_left = -1;
  c->status = 0;
  issued++;
  in_flight++;
  fill(c, due);
  flush_request(c);
}

static void start_next(connection *c) {
  if (stopping || !c->connected || c->busy || (total && issued >= total)) return;
  uint64_t now = now_ns();
  if (!rate) {
    begin(c, now);
  } else if (window_start && next_due <= now) {
    if (now - next_due > 1000000) overdue++;
    begin(c, next_due);
    next_due += interval;
  }
}

static void done(connection *c) {
  c->busy = 0;
  finished++;
  in_flight--;
  if (c->status > 0 && c->status < 600) statuses[c->status]++;
  if (c->status >= 200 && c->status < 300) record(&latency, now_ns() - c->started);
  start_next(c);
}

static void fail(connection *c) {
  if (c->busy) errors++, finished++, in_flight--;
  if (errors > 10000) die("too many broken connections");
  if (c->connected) live--;
  reopen(c);
}

/* Returns the bytes consumed of one response; the head is kept until it is complete. */
static void receive(connection *c, char *data, size_t n) {
  while (n > 0 && c->busy) {
    if (c->body_left == -1) {
      size_t before = c->head_length, take = n < sizeof c->head - 1 - before ? n : sizeof c->head - 1 - before;
      memcpy(c->head + before, data, take);
      c->head_length += take;
      c->head[c->head_length] = 0;
      char *end = strstr(c->head, "\r\n\r\n");
      if (!end) {
        if (take < n) fail(c);
        return;
      }
      size_t used = (size_t)(end + 4 - c->head) - before;
      data += used;
      n -= used;
      end[2] = 0;
      c->status = atoi(c->head + 9);
      char *length = strcasestr(c->head, "\r\ncontent-length:");
      c->body_left = strcasestr(c->head, "\r\ntransfer-encoding: chunked") ? -2 : length ? atol(length + 17) : 0;
      memset(c->tail, 0, 5);
      if (c->body_left == 0) done(c);
    } else if (c->body_left == -2) {
      /* The last chunk ends "\r\n0\r\n\r\n"; the five closing bytes cannot occur inside compact JSON. */
      for (; n > 0; data++, n--) {
        memmove(c->tail, c->tail + 1, 4);
        c->tail[4] = *data;
        if (memcmp(c->tail, "0\r\n\r\n", 5) == 0) {
          done(c);
          return;
        }
      }
    } else {
      size_t take = n < (size_t)c->body_left ? n : (size_t)c->body_left;
      data += take;
      n -= take;
      c->body_left -= (long)take;
      if (c->body_left == 0) done(c);
    }
  }
}

static void handle(connection *c, uint32_t events) {
  static char buffer[65536];
  if (events & EPOLLOUT) {
    watch(c, EPOLLIN);
    if (!c->connected) {
      int error = 0;
      socklen_t size = sizeof error;
      getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
      if (error) die("connect 127.0.0.1:%d: %s", port, strerror(error));
      c->connected = 1;
      if (++live == connection_count) printf("{\"type\":\"ready\"}\n"), fflush(stdout);
      start_next(c);
    } else if (c->busy) {
      flush_request(c);
    }
  }
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
    ssize_t n = recv(c->fd, buffer, sizeof buffer, 0);
    if (n > 0) receive(c, buffer, (size_t)n);
    else if (n == 0 || errno != EAGAIN) fail(c);
  }
}

static void mark(void) {
  window_start = now_ns();
  window_cpu = cpu_ns();
  next_due = window_start;
  finished = 0;
  errors = overdue = 0;
  memset(statuses, 0, sizeof statuses);
  memset(&latency, 0, sizeof latency);
}

static void report(void) {
  double seconds = (double)(now_ns() - window_start) / 1e9;
  printf("{\"type\":\"report\",\"seconds\":%.4f,\"finished\":%ld,\"ok\":%llu,\"errors\":%llu,\"overdue\":%llu,"
         "\"cpuSeconds\":%.4f,\"statuses\":{",
         seconds, finished, (unsigned long long)latency.count, (unsigned long long)errors,
         (unsigned long long)overdue, (double)(cpu_ns() - window_cpu) / 1e9);
  for (int i = 0, first = 1; i < 600; i++)
    if (statuses[i]) printf("%s\"%d\":%llu", first ? "" : ",", i, (unsigned long long)statuses[i]), first = 0;
  printf("},");
  print_latency(&latency);
  printf("}\n");
  fflush(stdout);
}

static void obey(const char *command) {
  if (strcmp(command, "mark") == 0) mark();
  else if (strcmp(command, "report") == 0) report();
  else stopping = 1;
}

int main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN);
  port = (int)number(argc, argv, "port", 0);
  connection_count = number(argc, argv, "connections", 1);
  rate = number(argc, argv, "rate", 0);
  total = number(argc, argv, "total", 0);
  text_bytes = (int)number(argc, argv, "text", 64);
  targets = read_targets(argument(argc, argv, "targets", ""), &target_count);
  random_state = now_ns() * 2654435761u ^ ((uint64_t)getpid() << 32) ^ 0x9e3779b97f4a7c15u;
  interval = rate ? 1000000000u / (uint64_t)rate : 0;
  if (text_bytes > 50000) die("text is limited to 50000 bytes");
  prepare_templates();
  epoll = epoll_create1(0);
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  struct epoll_event input = {.events = EPOLLIN, .data.u64 = 1}, clock = {.events = EPOLLIN, .data.u64 = 2};
  epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &input);
  if (rate) epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &clock);
  struct itimerspec tick = {.it_interval.tv_nsec = 200000, .it_value.tv_nsec = 200000};
  if (rate) timerfd_settime(timer, 0, &tick, NULL);
  window_cpu = cpu_ns();
  if (!rate) window_start = now_ns();
  uint64_t deadline = now_ns() + (uint64_t)number(argc, argv, "max-seconds", 60) * 1000000000u;
  connections = calloc((size_t)connection_count, sizeof(connection));
  for (long i = 0; i < connection_count; i++) {
    connection *c = &connections[i];
    c->fd = -1;
    c->target = (int)(i % target_count);
    c->request = malloc(template_length[c->target] + 1);
    memcpy(c->request, templates[c->target], template_length[c->target]);
    reopen(c);
  }
  struct epoll_event events[256];
  while (now_ns() < deadline) {
    int n = epoll_wait(epoll, events, 256, 100);
    for (int i = 0; i < n; i++) {
      if (events[i].data.u64 == 1) {
        if (!read_commands(obey)) return 0;
      } else if (events[i].data.u64 == 2) {
        uint64_t ticks;
        if (read(timer, &ticks, sizeof ticks) < 0) continue;
        for (long k = 0; k < connection_count && next_due <= now_ns(); k++) start_next(&connections[k]);
      } else {
        handle(events[i].data.ptr, events[i].events);
      }
    }
    if (stopping ? in_flight == 0 : total && issued >= total && in_flight == 0) break;
  }
  report();
  return 0;
}
