-- Tools that mcp-tools has beside those of 0006, so that administrators can describe them, switch them off and say what is disallowed.
INSERT INTO mcp_tools (tool_key, public_id, name, category, description) VALUES
    ('file_search_list', 'mcp_file_search_list_001', 'List documents', 'file_search',
     'Lists the documents in the search index.'),
    ('file_search_delete', 'mcp_file_search_delete_001', 'Remove a document', 'file_search',
     'Removes a document from the search index.'),
    ('memory_retrieve', 'mcp_memory_retrieve_001', 'Recall memories', 'memory',
     'Finds what is remembered of the user, the project and earlier conversations that bears on a question.'),
    ('python_exec', 'mcp_python_exec_001', 'Run code', 'code_execution',
     'Runs a program in a sandbox and returns what it prints and the files that it makes.')
ON CONFLICT (tool_key) DO NOTHING;
