/* Copyright (c) 2026 The passwordless.rds contributors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
 *
 * AWSAuthenticationPlugin: passes the token of a login to the simulator, which checks it.
 * The folder of the server is private, so only the simulator can listen on the socket in it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include <mysql/plugin.h>
#include <mysql/plugin_auth.h>

#define SECONDS 60

static int send_all(int peer, const void *data, size_t size) {
    const char *next = data;
    while (size > 0) {
        ssize_t sent = send(peer, next, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return 0;
        next += sent;
        size -= (size_t)sent;
    }
    return 1;
}

static int send_text(int peer, const void *text, size_t size) {
    uint32_t length = htonl((uint32_t)size);
    return send_all(peer, &length, sizeof length) && send_all(peer, text, size);
}

static int is_accepted(int peer) {
    char answer = 0;
    ssize_t received;
    do received = recv(peer, &answer, 1, 0); while (received < 0 && errno == EINTR);
    return received == 1 && answer == 'y';
}

static int open_simulator(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval limit = {.tv_sec = SECONDS};
    const char *path = getenv("RDS_TOKEN_SOCKET");
    int peer;
    if (path == NULL || strlen(path) >= sizeof address.sun_path) return -1;
    if ((peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0) return -1;
    strcpy(address.sun_path, path);
    setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(peer, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(peer, (struct sockaddr *)&address, sizeof address)) {
        close(peer);
        return -1;
    }
    return peer;
}

/* The simulator knows the connection, and whether it uses TLS, by the port that it comes from. */
static int client_port(MYSQL_PLUGIN_VIO *vio, uint32_t *port) {
    MYSQL_PLUGIN_VIO_INFO info;
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    vio->info(vio, &info);
    if (info.protocol != MYSQL_VIO_TCP || getpeername(info.socket, (struct sockaddr *)&address, &size)) return 0;
    *port = htonl((uint32_t)ntohs(address.sin_port));
    return address.sin_family == AF_INET;
}

static int check_token(int peer, MYSQL_PLUGIN_VIO *vio, MYSQL_SERVER_AUTH_INFO *info) {
    unsigned char *token;
    uint32_t port;
    int length;
    if (!client_port(vio, &port) || !send_all(peer, &port, sizeof port)) return 0;
    /* Without TLS, the token is not even requested. */
    if (!is_accepted(peer)) return 0;
    if ((length = vio->read_packet(vio, &token)) <= 1) return 0;
    return send_text(peer, info->user_name, info->user_name_length)
        && send_text(peer, token, strnlen((char *)token, (size_t)length)) && is_accepted(peer);
}

static int authenticate(MYSQL_PLUGIN_VIO *vio, MYSQL_SERVER_AUTH_INFO *info) {
    int peer = open_simulator(), accepted;
    info->password_used = PASSWORD_USED_YES;
    if (peer < 0) return CR_ERROR;
    accepted = check_token(peer, vio, info);
    close(peer);
    return accepted ? CR_OK : CR_ERROR;
}

static struct st_mysql_auth handler = {
    .interface_version = MYSQL_AUTHENTICATION_INTERFACE_VERSION,
    .client_auth_plugin = "mysql_clear_password",
    .authenticate_user = authenticate,
};

maria_declare_plugin(aws_authentication)
{
    MYSQL_AUTHENTICATION_PLUGIN, &handler, "AWSAuthenticationPlugin", "The passwordless.rds contributors",
    "IAM database authentication of the RDS simulator", PLUGIN_LICENSE_GPL, NULL, NULL, 0x0100, NULL, NULL, "1.0",
    MariaDB_PLUGIN_MATURITY_STABLE,
}
maria_declare_plugin_end;
