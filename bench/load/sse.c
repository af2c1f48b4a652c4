/* Holds many server-sent event streams open and counts what arrives.
 *
 *   sse port=P connections=N targets=FILE [event=message.created] [ready=stream.ready] [stamps=1]
 *       [feedback=1] [expect=E] [ramp=R] [max-seconds=S]
 *
 * Commands on stdin: "mark" opens a measuring window, "report" prints it, "expect E" asks for a line once every
 * stream has E events since the mark, end of input finishes. At most R streams are being opened at a time (all at once
 * without it); 429 and 503 are obeyed like a browser would: again after Retry-After. A stream that ends is counted,
 * never reopened. */
#include "load.h"

typedef struct {
  int fd;
  uint8_t connected, in_body, chunked, ready, has_data, skip, closed, chunk_state;
  uint32_t count, target;
  uint64_t chunk_left, retry_at;
  char *carry;
  size_t carry_length, carry_capacity;
} stream;

static target *targets;
static stream *streams;
static long stream_count, ready_count, closed_count, refused_count, complete_count, expected;
static long opened, opening, waiting, ramp;
static int target_count, port, epoll, stamps, feedback;
static uint64_t started, window_start, window_cpu, events_total, events_ever, bytes_total, progress, last_event_at;
static histogram latency;
static const char *wanted, *ready_event;

static void open_stream(stream *s) {
  s->fd = open_connection(port);
  s->connected = 0;
  s->carry_length = 0;
  s->retry_at = 0;
  opening++;
  struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = s};
  epoll_ctl(epoll, EPOLL_CTL_ADD, s->fd, &e);
}

static void open_more(void) {
  while (opened < stream_count && (!ramp || opening < ramp)) open_stream(&streams[opened++]);
}

static void retry_later(stream *s, long seconds) {
  refused_count++;
  opening--;
  waiting++;
  s->retry_at = now_ns() + (uint64_t)(seconds > 0 ? seconds : 1) * 1000000000u;
  close(s->fd);
  open_more();
}

static void retry_due(void) {
  uint64_t now = now_ns();
  for (long i = 0; i < opened && waiting > 0; i++) {
    if (!streams[i].retry_at || streams[i].retry_at > now) continue;
    waiting--;
    open_stream(&streams[i]);
  }
}

static void say_ready(stream *s) {
  if (s->ready) return;
  s->ready = 1;
  if (++ready_count != stream_count) return;
  printf("{\"type\":\"ready\",\"ms\":%.1f}\n", (double)(now_ns() - started) / 1e6);
  fflush(stdout);
}

static void say_complete(void) {
  printf("{\"type\":\"complete\",\"ms\":%.1f,\"sinceMarkMs\":%.1f}\n", (double)(now_ns() - started) / 1e6,
         (double)(now_ns() - window_start) / 1e6);
  fflush(stdout);
}

static void count_event(stream *s) {
  s->count++;
  events_total++;
  events_ever++;
  if (expected && s->count == expected && ++complete_count == stream_count) say_complete();
  /* The runner keeps a number of events in flight; it needs to know how far the streams are on average. */
  if (feedback && events_ever >= (progress + 1) * (uint64_t)stream_count) {
    progress = events_ever / (uint64_t)stream_count;
    printf("+%llu\n", (unsigned long long)progress);
    fflush(stdout);
  }
}

static void take_line(stream *s, const char *line, size_t n) {
  if (n > 0 && line[n - 1] == '\r') n--;
  if (n == 0) {
    if (s->has_data && !s->skip) count_event(s);
    s->has_data = s->skip = 0;
    return;
  }
  if (n >= 5 && memcmp(line, "data:", 5) == 0) {
    s->has_data = 1;
    if (!stamps || s->skip) return;
    const char *stamp = memmem(line, n, "~t=", 3);
    if (!stamp || stamp + 23 > line + n) return;
    uint64_t sent = 0, now = now_ns();
    for (int i = 3; i < 23; i++) sent = sent * 10 + (uint64_t)(stamp[i] - '0');
    if (sent >= window_start && sent <= now) record(&latency, now - sent);
  } else if (n > 6 && memcmp(line, "event:", 6) == 0) {
    const char *name = line + 6;
    while (name < line + n && *name == ' ') name++;
    size_t length = (size_t)(line + n - name);
    s->skip = length != strlen(wanted) || memcmp(name, wanted, length) != 0;
    if (ready_event && length == strlen(ready_event) && memcmp(name, ready_event, length) == 0) say_ready(s);
  }
}

static void keep(stream *s, const char *data, size_t n) {
  if (s->carry_length + n + 1 > s->carry_capacity) {
    s->carry_capacity = (s->carry_length + n + 1) * 2;
    s->carry = realloc(s->carry, s->carry_capacity);
  }
  memcpy(s->carry + s->carry_length, data, n);
  s->carry_length += n;
  s->carry[s->carry_length] = 0;
}

static void take_text(stream *s, const char *data, size_t n) {
  const char *end = data + n;
  while (data < end) {
    const char *newline = memchr(data, '\n', (size_t)(end - data));
    if (!newline) {
      keep(s, data, (size_t)(end - data));
      return;
    }
    if (s->carry_length) {
      keep(s, data, (size_t)(newline - data));
      take_line(s, s->carry, s->carry_length);
      s->carry_length = 0;
    } else {
      take_line(s, data, (size_t)(newline - data));
    }
    data = newline + 1;
  }
}

/* chunk_state: 0 reading a size line, 1 inside a chunk, 2 in the line end after it. */
static void take_chunked(stream *s, const char *data, size_t n) {
  for (const char *end = data + n; data < end;) {
    if (s->chunk_state == 1) {
      size_t take = (size_t)(end - data) < s->chunk_left ? (size_t)(end - data) : s->chunk_left;
      take_text(s, data, take);
      data += take;
      s->chunk_left -= take;
      if (s->chunk_left == 0) s->chunk_state = 2;
    } else if (s->chunk_state == 2) {
      if (*data++ == '\n') s->chunk_state = 0;
    } else {
      char c = *data++;
      if (c == '\n') s->chunk_state = s->chunk_left ? 1 : 2;
      else if (c >= '0' && c <= '9') s->chunk_left = s->chunk_left * 16 + (uint64_t)(c - '0');
      else if ((c | 32) >= 'a' && (c | 32) <= 'f') s->chunk_left = s->chunk_left * 16 + (uint64_t)((c | 32) - 'a' + 10);
    }
  }
}

static void end_stream(stream *s) {
  if (s->closed) return;
  s->closed = 1;
  closed_count++;
  close(s->fd);
}

static void take(stream *s, const char *data, size_t n) {
  bytes_total += n;
  if (!s->in_body) {
    keep(s, data, n);
    char *end = strstr(s->carry, "\r\n\r\n");
    if (!end) return;
    size_t head = (size_t)(end + 4 - s->carry), rest = s->carry_length - head;
    end[2] = 0;
    int status = atoi(s->carry + 9);
    if (status == 429 || status == 503) {
      const char *after = strcasestr(s->carry, "\r\nretry-after:");
      retry_later(s, after ? atol(after + 14) : 1);
      return;
    }
    if (status != 200) die("stream refused: %d %s", status, end + 4);
    opening--;
    open_more();
    s->chunked = strcasestr(s->carry, "\r\ntransfer-encoding: chunked") != NULL;
    s->in_body = 1;
    char *body = memcpy(malloc(rest + 1), s->carry + head, rest);
    s->carry_length = 0;
    if (!ready_event) say_ready(s);
    s->chunked ? take_chunked(s, body, rest) : take_text(s, body, rest);
    free(body);
  } else if (s->chunked) {
    take_chunked(s, data, n);
  } else {
    take_text(s, data, n);
  }
  last_event_at = now_ns();
}

static void handle(stream *s, uint32_t events) {
  static char buffer[131072];
  if (s->closed || s->retry_at) return;
  if (!s->connected && (events & EPOLLOUT)) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
      retry_later(s, 1);
      return;
    }
    s->connected = 1;
    char request[12000];
    target *t = &targets[s->target];
    int n = snprintf(request, sizeof request,
                     "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\n%s\r\n", t->path, port,
                     t->headers);
    if (send(s->fd, request, (size_t)n, MSG_NOSIGNAL) != n) die("request could not be written");
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = s};
    epoll_ctl(epoll, EPOLL_CTL_MOD, s->fd, &e);
  }
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
    ssize_t n = recv(s->fd, buffer, sizeof buffer, 0);
    if (n > 0) take(s, buffer, (size_t)n);
    else if (n == 0 || errno != EAGAIN) s->in_body ? end_stream(s) : retry_later(s, 1);
  }
}

static void mark(void) {
  window_start = now_ns();
  window_cpu = cpu_ns();
  events_total = bytes_total = 0;
  complete_count = 0;
  for (long i = 0; i < stream_count; i++) streams[i].count = 0;
  memset(&latency, 0, sizeof latency);
}

static void report(void) {
  uint64_t now = now_ns();
  uint32_t least = UINT32_MAX, most = 0;
  for (long i = 0; i < stream_count; i++) {
    if (streams[i].count < least) least = streams[i].count;
    if (streams[i].count > most) most = streams[i].count;
  }
  printf("{\"type\":\"report\",\"seconds\":%.4f,\"events\":%llu,\"bytes\":%llu,\"least\":%u,\"most\":%u,\"ready\":%ld,"
         "\"closed\":%ld,\"refused\":%ld,\"quietMs\":%.1f,\"cpuSeconds\":%.4f,",
         (double)(now - window_start) / 1e9, (unsigned long long)events_total, (unsigned long long)bytes_total,
         least, most, ready_count, closed_count, refused_count, (double)(now - last_event_at) / 1e6,
         (double)(cpu_ns() - window_cpu) / 1e9);
  print_latency(&latency);
  printf("}\n");
  fflush(stdout);
}

/* Counts the streams that are already there, so the command cannot come too late. */
static void expect(long events) {
  expected = events;
  complete_count = 0;
  for (long i = 0; i < stream_count; i++) complete_count += streams[i].count >= (uint32_t)events;
  if (complete_count == stream_count) say_complete();
}

static void obey(const char *command) {
  if (strcmp(command, "mark") == 0) mark();
  else if (strcmp(command, "report") == 0) report();
  else if (strncmp(command, "expect ", 7) == 0) expect(atol(command + 7));
}

int main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN);
  port = (int)number(argc, argv, "port", 0);
  stream_count = number(argc, argv, "connections", 1);
  stamps = (int)number(argc, argv, "stamps", 0);
  feedback = (int)number(argc, argv, "feedback", 0);
  expected = number(argc, argv, "expect", 0);
  ramp = number(argc, argv, "ramp", 0);
  wanted = argument(argc, argv, "event", "message.created");
  ready_event = argument(argc, argv, "ready", NULL);
  targets = read_targets(argument(argc, argv, "targets", ""), &target_count);
  epoll = epoll_create1(0);
  struct epoll_event input = {.events = EPOLLIN, .data.u64 = 1};
  epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &input);
  started = window_start = last_event_at = now_ns();
  window_cpu = cpu_ns();
  uint64_t deadline = started + (uint64_t)number(argc, argv, "max-seconds", 60) * 1000000000u;
  streams = calloc((size_t)stream_count, sizeof(stream));
  for (long i = 0; i < stream_count; i++) streams[i].target = (uint32_t)(i % target_count);
  open_more();
  static struct epoll_event events[1024];
  while (now_ns() < deadline) {
    int n = epoll_wait(epoll, events, 1024, 100);
    for (int i = 0; i < n; i++) {
      if (events[i].data.u64 != 1) handle(events[i].data.ptr, events[i].events);
      else if (!read_commands(obey)) return 0;
    }
    if (waiting) retry_due();
  }
  report();
  return 3; /* the deadline, not the runner, ended it */
}
