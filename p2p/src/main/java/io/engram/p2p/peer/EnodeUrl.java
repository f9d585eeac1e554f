package io.engram.p2p.peer;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a node as operators write it: {@code enode://<128 digits>@<host>:<tcp port>[?discport=<udp port>]}.
 *
 * @param host an IP address, brackets removed, or a name that is resolved each time the node is dialled
 * @param tcpPort 1 to 65535
 * @param udpPort 0 when the node takes no part in discovery
 */
public record EnodeUrl(NodeId id, String host, int tcpPort, int udpPort) {

    private static final int MAX_PORT = 65_535;
    private static final Pattern FORM = Pattern.compile(
            "enode://([0-9a-fA-F]{128})@(\\[[0-9a-fA-F:.%]+]|[0-9A-Za-z.\\-_]{1,253}):(\\d{1,5})(?:\\?discport=(\\d{1,5}))?");

    /** Reads a URL; empty when it does not have the form above. */
    public static Optional<EnodeUrl> parse(String url) {
        Matcher parts = FORM.matcher(url.strip());
        if (!parts.matches()) {
            return Optional.empty();
        }
        int tcp = Integer.parseInt(parts.group(3));
        int udp = Optional.ofNullable(parts.group(4)).map(Integer::parseInt).orElse(tcp);
        if (tcp == 0 || tcp > MAX_PORT || udp > MAX_PORT) {
            return Optional.empty();
        }
        String host = parts.group(2);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return NodeId.parse(parts.group(1)).map(id -> new EnodeUrl(id, bare, tcp, udp));
    }

    public static EnodeUrl of(NodeId id, InetSocketAddress address) {
        return new EnodeUrl(id, address.getAddress().getHostAddress(), address.getPort(), address.getPort());
    }

    /** Looks the host up; the address is unresolved when there is none of that name. Blocks. */
    public InetSocketAddress tcpAddress() {
        return new InetSocketAddress(host, tcpPort);
    }

    /** Looks the host up; the address is unresolved when there is none of that name. Blocks. */
    public InetSocketAddress udpAddress() {
        return new InetSocketAddress(host, udpPort);
    }

    @Override
    public String toString() {
        String authority = host.contains(":") ? "[" + host + "]" : host;
        return "enode://" + id.toHex() + "@" + authority + ":" + tcpPort
                + (udpPort == tcpPort ? "" : "?discport=" + udpPort);
    }
}
