/* What an emulator of user programs gets wrong, without Java: prints a line for each question, the same lines on every
   kernel by itself. See README.md. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* glibc's posix_spawn has its child store the error of exec in memory that parent and child share (CLONE_VM), and the
   parent is to wait until the child has done so (CLONE_VFORK). */
static void errors_of_exec_are_told(void) {
    char *arguments[] = {"/no/such/command", NULL};
    pid_t child;
    int error = posix_spawn(&child, arguments[0], NULL, NULL, arguments, environ);
    printf("posix_spawn of a command that does not exist: %s\n", error == 0 ? "0, as if it ran" : strerror(error));
    if (error == 0) {
        waitpid(child, NULL, 0);
    }
}

/* A child that asks for default dispositions of all signals has them. */
static void no_signal_is_ignored(void) {
    sigset_t all;
    memset(&all, 0xff, sizeof all);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    char *arguments[] = {"grep", "SigIgn", "/proc/self/status", NULL};
    pid_t child;
    fflush(stdout);
    if (posix_spawnp(&child, arguments[0], NULL, &attributes, arguments, environ) == 0) {
        waitpid(child, NULL, 0);
    }
}

/* A message without any part fails like another one. */
static void errors_of_empty_messages_are_told(void) {
    struct msghdr message = {0};
    long sent = sendmsg(-1, &message, 0);
    printf("sendmsg of no parts on no socket: %s\n", sent == 0 ? "0, as if it was sent" : strerror(errno));
}

/* Control data that is cut off is said to be. */
static void what_is_cut_off_is_said(void) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) {
        perror("socketpair");
        return;
    }
    char byte = 0;
    struct iovec part = {&byte, 1};
    union { struct cmsghdr header; char room[CMSG_SPACE(3 * sizeof(int))]; } control = {0};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    control.header = (struct cmsghdr) {.cmsg_len = CMSG_LEN(3 * sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    int descriptors[] = {pair[0], pair[0], pair[0]};
    memcpy(CMSG_DATA(&control.header), descriptors, sizeof descriptors);
    if (sendmsg(pair[0], &message, 0) != 1) {
        perror("sendmsg");
    }
    message.msg_controllen = CMSG_LEN(sizeof(int));
    if (recvmsg(pair[1], &message, 0) != 1) {
        perror("recvmsg");
    }
    printf("three descriptors in the room of one: %s\n", message.msg_flags & MSG_CTRUNC ? "cut off" : "not cut off");
}

/* Starts a program with signal 32 ignored, as glibc's own posix_spawn does it whose caller has a handler for it. */
static int ignoring(char **command) {
    struct { void (*handler)(int); unsigned long flags; void (*restorer)(void); unsigned long mask; } ignore = {SIG_IGN, 0, NULL, 0};
    if (syscall(SYS_rt_sigaction, 32, &ignore, NULL, sizeof ignore.mask) != 0) {
        perror("rt_sigaction");
    }
    execvp(command[0], command);
    perror(command[0]);
    return 127;
}

int main(int count, char **arguments) {
    if (count > 1) {
        return ignoring(arguments + 1);
    }
    errors_of_exec_are_told();
    errors_of_empty_messages_are_told();
    what_is_cut_off_is_said();
    no_signal_is_ignored();
    return 0;
}
