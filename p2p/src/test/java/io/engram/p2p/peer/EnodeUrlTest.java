package io.engram.p2p.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnodeUrlTest {

    private static final String ID = "ca634cae0d49acb401d8a4c6b6fe8c55b70d115bf400769cc1400f3258cd3138"
            + "7574077f301b421bc84df7266c44e9e6d569fc56be00812904767bf5ccd1fc7f";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@10.3.58.6:30303?discport=30301",
                "@[2001:db8::1]:30303",
                "@validator-1.example.org:1",
                "@127.0.0.1:30303?discport=0"
            })
    void readsAndWritesTheSame(String rest) {
        assertThat(EnodeUrl.parse("enode://" + ID + rest))
                .map(EnodeUrl::toString)
                .contains("enode://" + ID + rest);
    }

    @Test
    void theUdpPortIsTheTcpPortUnlessSaid() {
        assertThat(EnodeUrl.parse("enode://" + ID + "@127.0.0.1:30303"))
                .map(EnodeUrl::udpPort)
                .contains(30_303);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "enode://@127.0.0.1:30303",
                "enode://00@127.0.0.1:30303",
                "enode://" + ID + "@127.0.0.1",
                "enode://" + ID + "@127.0.0.1:0",
                "enode://" + ID + "@127.0.0.1:65536",
                "enode://" + ID + "@127.0.0.1:1?discport=99999",
                "enode://" + ID + "@:30303",
                "http://" + ID + "@127.0.0.1:30303"
            })
    void refusesOtherText(String url) {
        assertThat(EnodeUrl.parse(url)).isEmpty();
    }

    @Test
    void staticNodesAreAnArrayOfUrls(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("static-nodes.json");
        Files.writeString(file, "[\"enode://" + ID + "@127.0.0.1:30303\"]");
        assertThat(StaticNodes.read(file)).extracting(EnodeUrl::tcpPort).containsExactly(30_303);
        for (String bad : new String[] {"{}", "[\"enode://x\"]", "[1", "[7]"}) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> StaticNodes.read(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("static-nodes.json");
        }
    }
}
