# A node as an image, from what the build has made: mvn -B -pl client -am -DskipTests package && docker build -t engram .
# Two stages: jlink makes a Java runtime of what the node uses; the image holds that runtime, the jars and a base system.
ARG JDK=docker.io/library/eclipse-temurin:25-jdk
ARG BASE=docker.io/library/debian:bookworm-slim

FROM ${JDK} AS runtime
COPY container/modules /tmp/modules
RUN "$JAVA_HOME/bin/jlink" --add-modules "$(cat /tmp/modules)" --strip-java-debug-attributes --no-header-files \
    --no-man-pages --output /opt/java

FROM ${BASE}
COPY --from=runtime /opt/java /opt/java
COPY client/target/lib/ /opt/engram/lib/
COPY client/target/client-*.jar /opt/engram/lib/
COPY container/java.args container/healthcheck /opt/engram/
ENV JAVA_HOME=/opt/java PATH=/opt/java/bin:/usr/local/bin:/usr/bin:/bin
# Whatever runs as this user must be able to write to the data path that is mounted.
USER 1000:1000
EXPOSE 30303/tcp 30303/udp 8545/tcp
ENTRYPOINT ["/opt/java/bin/java", "@/opt/engram/java.args", "io.engram.client.cli.Main"]
