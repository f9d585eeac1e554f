package io.engram.client.cli;

import io.engram.client.node.ClientVersion;
import picocli.CommandLine.IVersionProvider;

/** The text of {@code --version}. */
final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {ClientVersion.text()};
    }
}
