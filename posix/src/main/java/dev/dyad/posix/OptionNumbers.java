package dev.dyad.posix;

/// The numbers of socket options and of their levels: `<sys/socket.h>`, `<netinet/in.h>`, `<netinet/tcp.h>`.
public interface OptionNumbers {

    int SOL_SOCKET();

    int SO_DEBUG();

    int SO_REUSEADDR();

    int SO_TYPE();

    int SO_ERROR();

    int SO_DONTROUTE();

    int SO_BROADCAST();

    int SO_SNDBUF();

    int SO_RCVBUF();

    int SO_KEEPALIVE();

    int SO_OOBINLINE();

    int SO_PRIORITY();

    int SO_LINGER();

    int SO_REUSEPORT();

    int SO_PASSCRED();

    int SO_PEERCRED();

    int SO_RCVLOWAT();

    int SO_SNDLOWAT();

    int SO_RCVTIMEO();

    int SO_SNDTIMEO();

    int SO_BINDTODEVICE();

    int SO_TIMESTAMP();

    int SO_ACCEPTCONN();

    int SO_PROTOCOL();

    int SO_DOMAIN();

    int SO_BUSY_POLL();

    int SO_INCOMING_CPU();

    int SO_INCOMING_NAPI_ID();

    /// Since Linux 6.5; before, it is an option that nobody knows.
    int SO_PEERPIDFD();

    int IPPROTO_IP();

    int IPPROTO_TCP();

    int IPPROTO_UDP();

    int IPPROTO_IPV6();

    int TCP_NODELAY();

    int TCP_KEEPIDLE();

    int TCP_KEEPINTVL();

    int TCP_KEEPCNT();

    int TCP_DEFER_ACCEPT();

    int TCP_QUICKACK();

    int IP_TOS();

    int IP_TTL();

    int IP_MTU_DISCOVER();

    int IP_PMTUDISC_DONT();

    int IP_PMTUDISC_DO();

    int IP_MULTICAST_IF();

    int IP_MULTICAST_TTL();

    int IP_MULTICAST_LOOP();

    int IPV6_UNICAST_HOPS();

    int IPV6_MTU_DISCOVER();

    int IPV6_MULTICAST_IF();

    int IPV6_MULTICAST_HOPS();

    int IPV6_MULTICAST_LOOP();

    int IPV6_V6ONLY();

    int IPV6_RECVPKTINFO();

    int IPV6_PKTINFO();

    int IPV6_HOPLIMIT();

    int IPV6_RECVTCLASS();

    int IPV6_TCLASS();

    /// Whether the kernel tells twice the size of a buffer that was asked for, as it needs room for itself.
    boolean doublesBuffers();
}
