/* upgrading.c -- an older program and a newer service: values and members that nobody had heard of. */
#include <string.h>

#include "guide.h"

#include "edgebind/testing.h"

int main(void)
{
    static const eb_script_answer answers[] = {
        { .http_status = 200,
          .body        = "{\"name\":\"1.4.0\",\"colour\":\"green\","
                         "\"ports\":[{\"port\":7777,\"protocol\":\"QUIC\"}]}" },
    };
    eb_script          script    = { .answers = answers, .count = 1 };
    const eb_transport transport = eb_script_transport(&script);
    eb_client         *client    = NULL;
    eb_response        response  = { 0 };
    int                failed    = 1;

    if (eb_client_new(&(eb_client_options){ .api         = &edgegap_api,
                                            .credentials = eb_credentials_token("not-a-real-token"),
                                            .transport   = &transport },
                      &client) != EB_OK)
        return 1;

    const edgegap_app_version *version = NULL;

    if (edgegap_app_version_get(client,
                                &(edgegap_app_version_get_params){ .app_name     = "shooter",
                                                                   .version_name = "1.4.0" },
                                &version, &response) == EB_OK &&
        version != NULL && version->ports.count == 1) {
        /* [open] */
        const edgegap_app_version_port_info *port = &version->ports.items[0];

        switch (port->protocol) {
        case EDGEGAP_PROTOCOL_UDP:
            puts("udp");
            break;
        case EDGEGAP_PROTOCOL_TCP:
            puts("tcp");
            break;
        default: /* EDGEGAP_PROTOCOL_OTHER, and constants of newer headers */
            printf("%s, which this program does not know\n", port->protocol_text);
        }
        /* [/open] */
        failed = port->protocol != EDGEGAP_PROTOCOL_OTHER || strcmp(port->protocol_text, "QUIC") != 0;
    }
    /* [version] */
    printf("linked with edgebind %s\n", eb_version()); /* generated code and runtime are checked by eb_client_new */
    /* [/version] */
    eb_script_reset(&script);
    eb_response_free(&response);
    eb_client_free(client);
    return failed;
}
