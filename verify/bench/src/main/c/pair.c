/*
 * What PairBenchmark and BatchBenchmark do, as one writes it in C: the other half of their ratios.
 *
 *   pair write-read SECONDS
 *   pair open-close SECONDS
 *   pair write-read-beside-a-thread SECONDS
 *   pair send-receive-many SECONDS
 *
 * prints the nanoseconds that one round took where nobody disturbed it: the 5th percentile of batches. The flags of send
 * and recv are 0, as in plain C code: on one thread the data is always there, so neither call ever waits, and what Dyad
 * pays for its own flags belongs on Dyad's side.
 *
 *   pair sizes SECONDS
 *
 * prints the same of messages of several sizes, as MessageSizes does: lines of `size=nanoseconds`.
 *
 * In a process with a second thread, which every JVM is, the kernel counts the users of a descriptor in each call; with
 * one thread it need not. The third question tells what that costs, so that nobody looks for it in the JVM.
 */
#include "twin.h"
#include <pthread.h>

enum { MESSAGE = 64, MESSAGES = 32, BATCH = 100, LARGEST = 65536 };

static const size_t sizes[] = {64, 1024, 4096, 16384, LARGEST};
static size_t size; /* of those that write_read_large passes */

static struct mmsghdr sent_headers[MESSAGES];
static struct mmsghdr received_headers[MESSAGES];

static void close_pair(const int fds[2])
{
    if (close(fds[0]) != 0 || close(fds[1]) != 0) {
        fail("close");
    }
}

static void write_read(const int fds[2])
{
    static char sent[MESSAGE];
    static char received[MESSAGE];

    if (send(fds[0], sent, MESSAGE, 0) != MESSAGE) {
        fail("send");
    }
    if (recv(fds[1], received, MESSAGE, 0) != MESSAGE) {
        fail("recv");
    }
}

static void write_read_large(const int fds[2])
{
    static char sent[LARGEST];
    static char received[LARGEST];
    size_t passed = 0;

    if (send(fds[0], sent, size, 0) != (ssize_t)size) {
        fail("send");
    }
    while (passed < size) {
        ssize_t some = recv(fds[1], received + passed, size - passed, 0);
        if (some <= 0) {
            fail("recv");
        }
        passed += some;
    }
}

static void open_close(const int unused[2])
{
    int fds[2];

    (void)unused;
    open_pair(fds, SOCK_STREAM);
    close_pair(fds);
}

/* Gives each message room of its own, as the headers of both sides have it from then on. */
static void lay_out(struct mmsghdr *headers, struct iovec *vectors, char (*bytes)[MESSAGE])
{
    for (int i = 0; i < MESSAGES; i++) {
        vectors[i] = (struct iovec){.iov_base = bytes[i], .iov_len = MESSAGE};
        headers[i].msg_hdr.msg_iov = &vectors[i];
        headers[i].msg_hdr.msg_iovlen = 1;
    }
}

static void lay_out_messages(void)
{
    static struct iovec vectors[2][MESSAGES];
    static char bytes[2][MESSAGES][MESSAGE];

    lay_out(sent_headers, vectors[0], bytes[0]);
    lay_out(received_headers, vectors[1], bytes[1]);
}

static void send_receive_many(const int fds[2])
{
    if (sendmmsg(fds[0], sent_headers, MESSAGES, 0) != MESSAGES) {
        fail("sendmmsg");
    }
    if (recvmmsg(fds[1], received_headers, MESSAGES, 0, NULL) != MESSAGES) {
        fail("recvmmsg");
    }
}

static double nanos_of_one(void (*round)(const int[2]), const int fds[2], double seconds)
{
    double end = now() + seconds;
    struct batches nanos = {0};
    double start;

    do {
        start = now();
        for (int i = 0; i < BATCH; i++) {
            round(fds);
        }
        add_batch(&nanos, (now() - start) * 1e9 / BATCH);
    } while (now() < end);
    return percentile(&nanos, 5);
}

static void print_sizes(double seconds)
{
    int fds[2];

    open_pair(fds, SOCK_STREAM);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size = sizes[i];
        nanos_of_one(write_read_large, fds, seconds / 10);
        printf("%zu=%.3f\n", size, nanos_of_one(write_read_large, fds, seconds));
    }
    close_pair(fds);
}

static void *idle(void *unused)
{
    (void)unused;
    pause();
    return NULL;
}

static void start_idle_thread(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, idle, NULL) != 0) {
        fail("pthread_create");
    }
}

int main(int argc, char **argv)
{
    const char *what = argc == 3 ? argv[1] : "";
    void (*round)(const int[2]);
    int type = SOCK_STREAM;
    int fds[2];

    if (strcmp(what, "write-read") == 0) {
        round = write_read;
    } else if (strcmp(what, "open-close") == 0) {
        round = open_close;
    } else if (strcmp(what, "write-read-beside-a-thread") == 0) {
        round = write_read;
        start_idle_thread();
    } else if (strcmp(what, "send-receive-many") == 0) {
        round = send_receive_many;
        type = SOCK_DGRAM;
        lay_out_messages();
    } else if (strcmp(what, "sizes") == 0) {
        print_sizes(atof(argv[2]));
        return 0;
    } else {
        fprintf(stderr, "usage: see the top of pair.c\n");
        return 2;
    }

    double seconds = atof(argv[2]);

    open_pair(fds, type);
    nanos_of_one(round, fds, seconds / 10);
    printf("%.3f\n", nanos_of_one(round, fds, seconds));
    close_pair(fds);
    return 0;
}
